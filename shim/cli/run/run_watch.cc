#include "shim/cli/run/run_watch.h"

#include <unistd.h>

#include <cstdlib>

#include "shim/cli/complain.h"
#include "shim/cli/run/summary.h"

namespace seqshim {
namespace {

// In seconds.
constexpr double kLeastInterval = 0.1;
constexpr double kClockInterval = 1;  // where nothing but the time has changed

}  // namespace

RunWatch::RunWatch(bool says_summary, bool shows_progress) : says_summary_(says_summary) {
  if (shows_progress && Display::is_possible(STDERR_FILENO)) display_.emplace(STDERR_FILENO);
}

bool RunWatch::begin() {
  if (!counters_.create()) return false;
  setenv("SEQSHIM_PROGRESS", counters_.path().c_str(), 1);
  return true;
}

std::vector<int> RunWatch::descriptors() const { return {STDERR_FILENO, counters_.fd()}; }

void RunWatch::look() {
  const double now = seconds();
  if (!display_ || now - looked_at_ < kLeastInterval) return;
  looked_at_ = now;
  const Tallies tallies = counters_.totals().tallies;
  speed_.note(now, tallies[Tally::kAccepted]);
  // Before anything is written, the terminal is all the program's.
  if (tallies[Tally::kAccepted] == 0) return;
  if (tallies != drawn_ || now - drawn_at_ >= kClockInterval) draw(now);
}

void RunWatch::resized() {
  if (drawn_at_ > 0) draw(seconds());
}

void RunWatch::draw(double now) {
  if (!display_->is_ready()) return;
  const std::vector<WrittenFile> files = counters_.files();
  const Moment all = whole(files);
  const Display::Size size = display_->size();
  display_->draw(progress_lines(all, now, each(now, files), size.columns, size.rows));
  drawn_at_ = now;
  drawn_ = counters_.totals().tallies;
}

Moment RunWatch::whole(const std::vector<WrittenFile>& files) const {
  Moment all{.tallies = counters_.totals().tallies, .speed = speed_.per_second()};
  // What a killed process had in flight, it has no more.
  uint64_t in_flight = 0;
  for (const WrittenFile& file : files)
    in_flight += file.tallies[Tally::kAccepted] - file.tallies[Tally::kLanded];
  all.tallies[Tally::kLanded] = all.tallies[Tally::kAccepted] - in_flight;
  return all;
}

std::vector<Moment> RunWatch::each(double now, const std::vector<WrittenFile>& files) {
  std::map<std::pair<pid_t, size_t>, Speed> speeds;
  std::vector<Moment> moments;
  for (const WrittenFile& file : files) {
    const std::pair key(file.process, file.slot);
    Speed& speed = speeds[key] = std::move(speeds_[key]);
    speed.note(now, file.tallies[Tally::kAccepted]);
    moments.push_back({file.tallies, speed.per_second(), file.path});
  }
  speeds_ = std::move(speeds);
  return moments;
}

void RunWatch::step_aside() {
  if (display_ && display_->is_ready()) display_->erase();
  drawn_ = {};
}

int RunWatch::finish() {
  const Totals totals = counters_.totals();
  if (display_ && display_->is_ready() && totals.tallies[Tally::kAccepted] > 0) {
    if (says_summary_)
      display_->erase();
    else
      display_->leave(last_progress_line(totals.tallies, seconds()));
  }
  if (says_summary_) complain(summary_of(totals, seconds()));
  return 0;
}

double RunWatch::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

}  // namespace seqshim
