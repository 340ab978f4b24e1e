#include "shim/cli/report/pairs.h"

#include <map>
#include <string_view>

namespace seqshim {

std::vector<FilePair> pairs_of(const Tree& a, const Tree& b) {
  std::vector<FilePair> pairs;
  std::map<std::string_view, size_t> places;
  for (const ReportedFile& file : a.files) {
    places.emplace(file.path, pairs.size());
    pairs.push_back({&file, nullptr});
  }
  for (const ReportedFile& file : b.files) {
    const auto known = places.find(file.path);
    if (known == places.end())
      pairs.push_back({nullptr, &file});
    else
      pairs[known->second].b = &file;
  }
  return pairs;
}

}  // namespace seqshim
