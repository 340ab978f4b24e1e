#include "shim/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <sstream>

#include "shim/cli/complain.h"
#include "shim/cli/print.h"
#include "shim/config/version.h"

namespace seqshim {
namespace {

class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::string usage) : usage_(std::move(usage)) {}

 private:
  std::string make_usage(const CLI::App*, std::string) const override { return usage_; }
  // CLI11 shows in braces what a flag stands for when it is given alone.
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    const std::string name = Formatter::make_option_name(option, is_positional);
    return name.substr(0, name.find('{'));
  }
  // What may follow a flag follows it at once: --report[=FILE].
  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string text = option->get_option_text();
    return text.starts_with("[=") ? text : Formatter::make_option_opts(option);
  }

  std::string usage_;
};

}  // namespace

CommandLine::CommandLine(const Manual& manual)
    : app_(std::make_unique<CLI::App>(manual.description, manual.name)) {
  app_->formatter(
      std::make_shared<HelpFormatter>(fmt::format("Usage: {} {}\n", manual.name, manual.usage)));
  app_->footer(manual.footer);
  app_->prefix_command();
  app_->set_help_flag("-h,--help", "Print this help and exit");
  app_->set_version_flag("--version", fmt::format("seqshim {}", kVersion), "Print the version");
}

CommandLine::~CommandLine() = default;

void CommandLine::add_flag(const char* name, bool& value, const char* help) {
  app_->add_flag(name, value, help);
}

void CommandLine::add_switch(const char* name, std::optional<bool>& value, bool meaning,
                             const char* help) {
  app_->add_flag_callback(
      name, [&value, meaning] { value = meaning; }, help);
}

void CommandLine::add_value(const char* name, std::optional<std::string>& value, const char* type,
                            const char* help) {
  app_->add_option_function<std::string>(
          name, [&value](const std::string& text) { value = text; }, help)
      ->type_name(type)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void CommandLine::add_optional_value(const char* name, std::optional<std::string>& value,
                                     const char* alone, const char* type, const char* help) {
  // A flag, not an option: its value must follow an equals sign, or the command would be taken.
  app_->add_flag(fmt::format("{}{{{}}}", name, alone), value, help)
      ->option_text(fmt::format("[={}]", type));
}

void CommandLine::add_number(const char* name, int& value, int least, int most, const char* help) {
  app_->add_option(name, value, help)->option_text("N")->check(CLI::Range(least, most));
}

void CommandLine::add_list(const char* name, std::vector<std::string>& values, const char* type,
                           const char* help) {
  app_->add_option(name, values, help)->type_name(type)->option_text(type)->allow_extra_args(false);
}

void CommandLine::add_positionals(const char* name, Words& words, const char* help) {
  app_->prefix_command(false);
  app_->add_option(name, words, help)->option_text(" ");
}

void CommandLine::keep_out_of_files(const char* name) {
  app_->get_option(name)->configurable(false);
}

std::optional<int> CommandLine::parse(const Words& words) {
  try {
    // The last one first, as CLI11 wants it.
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    app_->parse(reversed);
    return std::nullopt;
  } catch (const CLI::Success& success) {
    std::ostringstream text;
    app_->exit(success, text);
    return print(text.str());
  } catch (const CLI::ExtrasError&) {
    complain(fmt::format("there is no option {}; see {} --help", app_->remaining()[0],
                         app_->get_name()));
    return kWrongUsage;
  } catch (const CLI::ParseError& error) {
    complain(fmt::format("{}; see {} --help", error.what(), app_->get_name()));
    return kWrongUsage;
  }
}

Words CommandLine::take_command() const {
  // CLI11 leaves everything it doesn't know, the "--" included.
  Words rest = app_->remaining();
  if (!rest.empty() && rest[0] == "--") {
    rest.erase(rest.begin());
  } else if (!rest.empty() && rest[0].size() > 1 && rest[0][0] == '-') {
    complain(fmt::format("there is no option {}; see {} --help", rest[0], app_->get_name()));
    return {};
  }
  if (rest.empty())
    complain(fmt::format("no command to run; usage: {} [options] [--] command args...; see --help",
                         app_->get_name()));
  return rest;
}

}  // namespace seqshim
