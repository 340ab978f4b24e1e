#include "shim/cli/config_file.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <ios>
#include <iterator>
#include <set>
#include <sstream>
#include <string_view>

#include "shim/cli/command_line.h"
#include "shim/cli/complain.h"

namespace seqshim {
namespace {

/// CLI11's reader, with errors in its user's words.
class Reader final : public CLI::ConfigTOML {
 public:
  explicit Reader(const CLI::App& app) : app_(app) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    std::vector<CLI::ConfigItem> items = ConfigBase::from_config(input);
    std::set<std::string> seen;
    for (const CLI::ConfigItem& item : items) {
      judge(item);
      if (!seen.insert(item.name).second) throw CLI::ConfigError(item.name + " is set twice");
    }
    return items;
  }

 private:
  void judge(const CLI::ConfigItem& item) const {
    if (!item.parents.empty())
      throw CLI::ConfigError(fmt::format("there are no sections, so no [{}]", item.parents[0]));
    const CLI::Option* const option = app_.get_option_no_throw("--" + item.name);
    if (option == nullptr || !option->get_configurable())
      throw CLI::ConfigError(fmt::format("there is no setting {:.60}", item.name));
    if (item.inputs.empty()) throw CLI::ConfigError(fmt::format("{} has no value", item.name));
    if (item.inputs.size() > 1 && option->get_expected_max() <= 1)
      throw CLI::ConfigError(fmt::format("{} has several values", item.name));
  }

  const CLI::App& app_;
};

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::ios_base::failure("open", std::error_code(errno, std::generic_category()));
  // Not by the stream, which would say of a directory that it is empty.
  return {std::istreambuf_iterator<char>(file.rdbuf()), {}};
}

// CLI11 sees an array only where its first value stands in the line of the key.
std::string with_arrays_begun(std::string text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  for (size_t equals = 0; (equals = text.find('=', equals + 1)) != text.npos;) {
    const size_t bracket = text.find_first_not_of(" \t", equals + 1);
    if (bracket == text.npos || text[bracket] != '[') continue;
    const size_t value = text.find_first_not_of(kBlanks, bracket + 1);
    if (value != text.npos) text.erase(bracket + 1, value - bracket - 1);
  }
  return text;
}

}  // namespace

bool read_config_file(CommandLine& options, const std::string& path) {
  try {
    CLI::App& app = *options.app_;
    app.config_formatter(std::make_shared<Reader>(app));
    std::istringstream text(with_arrays_begun(contents(path)));
    app.parse_from_stream(text);
    return true;
  } catch (const std::ios_base::failure& failure) {
    complain(fmt::format("can't read the settings in {}: {}", path, failure.code().message()));
  } catch (const CLI::ParseError& error) {
    complain(fmt::format("{}: {}", path, error.what()));
  }
  return false;
}

}  // namespace seqshim
