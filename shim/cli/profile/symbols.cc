#include "shim/cli/profile/symbols.h"

#include <cxxabi.h>
#include <elfutils/libdwfl.h>

#include <algorithm>
#include <cstdlib>

namespace seqshim::profiling {
namespace {

// Without the version that some symbols have behind their name.
std::string demangled(const char* mangled) {
  std::string name(mangled);
  name.resize(std::min(name.find('@'), name.size()));
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 && text ? text.get() : name;
}

}  // namespace

/// A file of code at the addresses that it has itself. Each has a session of libdwfl's to itself:
/// their addresses overlap.
class Symbols::Module {
 public:
  explicit Module(const std::string& path) : session_(dwfl_begin(&kCallbacks)) {
    if (session_ == nullptr) return;
    dwfl_report_begin(session_);
    module_ = dwfl_report_elf(session_, path.c_str(), path.c_str(), -1, 0, true);
    dwfl_report_end(session_, nullptr, nullptr);
  }
  ~Module() {
    if (session_ != nullptr) dwfl_end(session_);
  }
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  Symbol at(uint64_t address) const {
    Symbol symbol;
    if (module_ == nullptr) return symbol;
    GElf_Off offset = 0;
    GElf_Sym entry;
    if (const char* const name =
            dwfl_module_addrinfo(module_, address, &offset, &entry, nullptr, nullptr, nullptr)) {
      symbol.function = demangled(name);
      symbol.offset = offset + 1;
    }
    if (Dwfl_Line* const line = dwfl_module_getsrc(module_, address)) {
      if (const char* const file =
              dwfl_lineinfo(line, nullptr, &symbol.line, nullptr, nullptr, nullptr))
        symbol.file = file;
    }
    return symbol;
  }

 private:
  static constexpr Dwfl_Callbacks kCallbacks = {
      .find_elf = nullptr,  // it is given
      .find_debuginfo = dwfl_standard_find_debuginfo,
      .section_address = dwfl_offline_section_address,
      .debuginfo_path = nullptr,  // as gdb looks
  };

  Dwfl* const session_;
  Dwfl_Module* module_ = nullptr;
};

// A server for debug information isn't asked: it would be told what is run here.
Symbols::Symbols() { unsetenv("DEBUGINFOD_URLS"); }
Symbols::~Symbols() = default;

const Symbol& Symbols::of(const Frame& frame) {
  const auto known = known_.find(frame);
  return known != known_.end() ? known->second
                               : known_.emplace(frame, look_up(frame)).first->second;
}

Symbol Symbols::look_up(const Frame& frame) {
  if (frame.module.empty()) return {};
  std::unique_ptr<Module>& module = modules_[frame.module];
  if (!module) module = std::make_unique<Module>(frame.module);
  return module->at(frame.offset);
}

}  // namespace seqshim::profiling
