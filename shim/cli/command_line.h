// What the command lines of all subcommands have in common.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shim/cli/words.h"

namespace CLI {
class App;
}

namespace seqshim {

/// What --help says of a subcommand around the list of its options.
struct Manual {
  std::string name;         // "seqshim compare"; errors point to its --help
  std::string usage;        // what follows the name in the first line
  std::string description;  // a sentence or two
  std::string footer;       // whatever else one has to know; may be empty
};

/// The options of a subcommand, up to the first word that is none. Each puts what it is given into
/// a variable, which must live as long. A `name` is that of CLI11: "-n,--rounds"; a `type` is what
/// --help has for the value.
class CommandLine {
 public:
  /// Without a manual it is for read_config_file().
  explicit CommandLine(const Manual& manual = {});
  ~CommandLine();

  /// True when it is given.
  void add_flag(const char* name, bool& value, const char* help);
  /// One of two flags, which stand for true and for false.
  void add_switch(const char* name, std::optional<bool>& value, bool meaning, const char* help);
  /// An option with one value; of several the last one counts, as people expect of aliases.
  void add_value(const char* name, std::optional<std::string>& value, const char* type,
                 const char* help);
  /// A flag that stands for the value `alone` if none follows it: --report[=FILE].
  void add_optional_value(const char* name, std::optional<std::string>& value, const char* alone,
                          const char* type, const char* help);
  /// A number from `least` to `most`.
  void add_number(const char* name, int& value, int least, int most, const char* help);
  /// An option with one value that may be given again.
  void add_list(const char* name, std::vector<std::string>& values, const char* type,
                const char* help);
  /// All words that are no options, which may stand between them: no command follows.
  void add_positionals(const char* name, Words& words, const char* help);

  /// The option isn't one that a config file may set.
  void keep_out_of_files(const char* name);

  /// Reads the options. An exit code, if there is nothing more to do: that of print() after --help
  /// and --version, 2 after one line on standard error about wrong usage.
  std::optional<int> parse(const Words& words);

  /// The command that followed the options, whatever it looks like. Empty, after one line on
  /// standard error, if there is none, or an unknown option.
  Words take_command() const;

 private:
  friend bool read_config_file(CommandLine& options, const std::string& path);

  // Incomplete here: with CLI11 whatever includes this takes seconds longer to compile.
  std::unique_ptr<CLI::App> app_;
};

}  // namespace seqshim
