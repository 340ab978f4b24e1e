#include "tests/differential/settings.h"

#include <algorithm>
#include <cstdio>

#include "tests/differential/random.h"

namespace differential {

Settings draw_settings(uint64_t seed) {
  Random random(seed ^ 0x5e771465);
  Settings settings;
  settings.cluster = random.pick({4096, 4096, 8192, 16384, 32768, 65536});
  settings.depth = random.between(1, 8);
  if (random.percent(25)) {
    settings.memory = std::max<int64_t>(2 * settings.cluster, random.pick({16384, 65536, 262144}));
  }
  settings.sync_engine = random.percent(35);
  settings.direct_always = !random.percent(20);
  settings.append = random.percent(4);
  settings.read = random.percent(30);
  settings.durable = random.percent(3);  // it takes long
  return settings;
}

std::vector<std::string> settings_environment(const Settings& settings) {
  std::vector<std::string> list = {
      "SEQSHIM_CLUSTER=" + std::to_string(settings.cluster),
      "SEQSHIM_MEMORY=" + std::to_string(settings.memory),
      "SEQSHIM_DEPTH=" + std::to_string(settings.depth),
      std::string("SEQSHIM_ENGINE=") + (settings.sync_engine ? "sync" : "thread")};
  if (settings.direct_always) list.push_back("SEQSHIM_DIRECT_MIN=0");
  if (settings.append) list.push_back("SEQSHIM_APPEND=1");
  if (settings.read) list.push_back("SEQSHIM_READ=*");
  if (settings.durable) list.push_back("SEQSHIM_SYNC=1");
  return list;
}

std::string print_settings(const Settings& settings) {
  char line[160];
  std::snprintf(line, sizeof(line),
                "# settings cluster=%ld memory=%ld depth=%ld sync=%d direct=%d append=%d read=%d "
                "durable=%d",
                static_cast<long>(settings.cluster), static_cast<long>(settings.memory),
                static_cast<long>(settings.depth), settings.sync_engine, settings.direct_always,
                settings.append, settings.read, settings.durable);
  return line;
}

Settings parse_settings(const std::string& text) {
  Settings settings;
  const size_t at = text.find("# settings ");
  if (at == std::string::npos) return settings;
  long cluster, memory, depth;
  int sync, direct, append, read = 0, durable = 0;
  if (std::sscanf(text.c_str() + at,
                  "# settings cluster=%ld memory=%ld depth=%ld sync=%d direct=%d append=%d read=%d "
                  "durable=%d",
                  &cluster, &memory, &depth, &sync, &direct, &append, &read, &durable) >= 6) {
    settings = {cluster,     memory,      depth,     sync != 0,
                direct != 0, append != 0, read != 0, durable != 0};
  }
  return settings;
}

}  // namespace differential
