#include "shim/cli/command_line.h"

#include <fmt/format.h>

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

std::unique_ptr<CLI::App> make_app(const Manual& manual) {
  auto app = std::make_unique<CLI::App>(manual.description, manual.name);
  app->formatter(
      std::make_shared<HelpFormatter>(fmt::format("Usage: {} {}\n", manual.name, manual.usage)));
  app->footer(manual.footer);
  app->prefix_command();
  app->set_help_flag("-h,--help", "Print this help and exit");
  app->set_version_flag("--version", fmt::format("seqshim {}", kVersion), "Print the version");
  return app;
}

CLI::Option* add_value(CLI::App& app, const char* name, std::optional<std::string>& value,
                       const char* type, const std::string& help) {
  return app
      .add_option_function<std::string>(
          name, [&value](const std::string& text) { value = text; }, help)
      ->type_name(type)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

std::optional<int> parse(CLI::App& app, const Words& words) {
  try {
    // The last one first, as CLI11 wants it.
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    app.parse(reversed);
    return std::nullopt;
  } catch (const CLI::Success& success) {
    std::ostringstream text;
    app.exit(success, text);
    return print(text.str());
  } catch (const CLI::ExtrasError&) {
    complain(
        fmt::format("there is no option {}; see {} --help", app.remaining()[0], app.get_name()));
    return kWrongUsage;
  } catch (const CLI::ParseError& error) {
    complain(fmt::format("{}; see {} --help", error.what(), app.get_name()));
    return kWrongUsage;
  }
}

Words take_command(const CLI::App& app) {
  // CLI11 leaves everything it doesn't know, the "--" included.
  Words rest = app.remaining();
  if (!rest.empty() && rest[0] == "--") {
    rest.erase(rest.begin());
  } else if (!rest.empty() && rest[0].size() > 1 && rest[0][0] == '-') {
    complain(fmt::format("there is no option {}; see {} --help", rest[0], app.get_name()));
    return {};
  }
  if (rest.empty())
    complain(fmt::format("no command to run; usage: {} [options] [--] command args...; see --help",
                         app.get_name()));
  return rest;
}

}  // namespace seqshim
