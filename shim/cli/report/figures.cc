#include "shim/cli/report/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "shim/cli/report/axis.h"
#include "shim/cli/report/escape.h"
#include "shim/cli/report/format.h"
#include "shim/cli/report/table.h"

namespace seqshim {
namespace {

/// One interval of a timeline; the last one ends with the run.
struct Interval {
  uint64_t from_ms, to_ms;
  double written, landed, waited;
  double from() const { return static_cast<double>(from_ms) / 1e3; }
  double to() const { return static_cast<double>(to_ms) / 1e3; }
  double seconds() const { return static_cast<double>(to_ms - from_ms) / 1e3; }
  double wait_percent() const { return 100 * waited / seconds(); }
};

/// Of a moment at the end no rate can be told.
void join_short_end(std::vector<Interval>& intervals) {
  if (intervals.size() < 2) return;
  const Interval last = intervals.back();
  Interval& before = intervals[intervals.size() - 2];
  if (last.seconds() > before.seconds() / 2) return;
  before.to_ms = last.to_ms;
  before.written += last.written;
  before.landed += last.landed;
  before.waited += last.waited;
  intervals.pop_back();
}

std::vector<Interval> intervals_of(const Tree& tree) {
  const ReportedTimeline& timeline = tree.timeline;
  std::vector<Interval> intervals;
  for (size_t i = 0; i < timeline.written.size(); ++i) {
    const uint64_t from = i * timeline.bucket_ms;
    const uint64_t to = std::max(std::min(from + timeline.bucket_ms, tree.wall_ms), from + 1);
    intervals.push_back({.from_ms = from,
                         .to_ms = to,
                         .written = static_cast<double>(timeline.written[i]),
                         .landed = static_cast<double>(timeline.landed[i]),
                         .waited = static_cast<double>(timeline.wait_ns[i]) / 1e9});
  }
  join_short_end(intervals);
  return intervals;
}

std::string rate_text(double bytes_per_second) { return long_size(whole(bytes_per_second)) + "/s"; }

// The frame that all have

struct Caption {
  Caption(const Side& side, std::string_view its_id, std::string_view its_title)
      : id(fmt::format("{}{}", side.id, its_id)),
        title(fmt::format("{}{}", side.title, its_title)) {}

  std::string id, title;
  std::string key;          // HTML: what the colours mean
  std::string description;  // for who can't see it
};

std::string key(std::string_view kind, std::string_view label) {
  return fmt::format("<span class=\"key\"><i class=\"{}\"></i>{}</span>", kind, label);
}

std::string figure(const Caption& caption, std::string_view body) {
  return fmt::format(
      "<figure id=\"{}\"><figcaption><h3>{}</h3><p>{}</p></figcaption>\n{}</figure>\n", caption.id,
      caption.title, caption.key, body);
}

/// `marks` are drawn over the grid; everything in percent of the plot, from its top left corner.
std::string plot(const Caption& caption, const Axis& horizontal, const Axis& vertical,
                 std::string_view marks) {
  std::string svg = fmt::format(
      "<svg class=\"plot\" role=\"img\" aria-labelledby=\"{0}-t {0}-d\"><title id=\"{0}-t\">{1}"
      "</title><desc id=\"{0}-d\">{2}</desc>\n<g class=\"grid\">",
      caption.id, caption.title, caption.description);
  const auto out = std::back_inserter(svg);
  for (const Tick& tick : vertical.ticks)
    fmt::format_to(out, "<line x1=\"0\" x2=\"100%\" y1=\"{0:.2f}%\" y2=\"{0:.2f}%\"/>",
                   100 - 100 * tick.at);
  fmt::format_to(out, "</g>\n<g class=\"y\"><text x=\"-8\" y=\"-16\">{}</text>", vertical.unit);
  for (const Tick& tick : vertical.ticks)
    fmt::format_to(out, "<text x=\"-8\" y=\"{:.2f}%\" dy=\".32em\">{}</text>", 100 - 100 * tick.at,
                   tick.label);
  svg += "</g>\n<g class=\"x\">";
  for (const Tick& tick : horizontal.ticks) {
    const bool last = &tick == &horizontal.ticks.back();
    fmt::format_to(out, "<text x=\"{:.2f}%\" y=\"100%\" dy=\"1.6em\"{}>{} {}</text>", 100 * tick.at,
                   tick.at > 0.96 ? " class=\"end\"" : "", tick.label, last ? horizontal.unit : "");
  }
  svg += "</g>\n";
  svg += marks;
  return svg + "</svg>\n";
}

/// Shapes with corners stretch with the plot; text in it would too.
std::string stretched(std::string_view shapes) {
  return fmt::format("<svg viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\">{}</svg>\n",
                     shapes);
}

/// A line over `intervals` from left to right, level within each. `value` is of the axis: 0 to 1.
template <class Value>
std::string steps(const std::vector<Interval>& intervals, double seconds, Value value) {
  std::string path;
  const auto out = std::back_inserter(path);
  for (const Interval& interval : intervals) {
    const double height = 100 - 100 * std::min(1.0, value(interval));
    fmt::format_to(out, "{}{:.2f} {:.2f}H{:.2f}", path.empty() ? "M" : "L",
                   100 * interval.from() / seconds, height, 100 * interval.to() / seconds);
  }
  return path;
}

/// The same, down to the axis at both ends.
template <class Value>
std::string area(const std::vector<Interval>& intervals, double seconds, Value value) {
  return steps(intervals, seconds, value) + "V100H0Z";
}

std::string time_table(const std::vector<Interval>& intervals) {
  Table table("Interval by interval",
              {{"from", Align::kText}, {"accepted"}, {"landed"}, {"waited"}});
  for (const Interval& interval : intervals)
    table.add({duration(interval.from()), long_size(whole(interval.written)),
               long_size(whole(interval.landed)), duration(interval.waited)});
  return "<details><summary>The numbers</summary>\n" + table.html() + "</details>\n";
}

std::string without_timeline(const Caption& caption) {
  return figure(caption,
                "<p class=\"none\">This report has no times: an older version wrote it.</p>\n");
}

}  // namespace

void Scale::include(const Tree& tree) {
  seconds = std::max(seconds, static_cast<double>(tree.wall_ms) / 1e3);
  for (const Interval& interval : intervals_of(tree)) {
    const double bytes = std::max(interval.written, interval.landed);
    bytes_per_second = std::max(bytes_per_second, bytes / interval.seconds());
    wait_percent = std::max(wait_percent, interval.wait_percent());
  }
}

std::string rate_figure(const Tree& tree, const Scale& scale, const Side& side) {
  Caption caption(side, "rate", "Bytes over time");
  const std::vector<Interval> intervals = intervals_of(tree);
  if (intervals.empty()) return without_timeline(caption);
  const Axis time = time_axis(scale.seconds), rate = rate_axis(scale.bytes_per_second);
  const Interval& peak = *std::max_element(
      intervals.begin(), intervals.end(), [](const Interval& left, const Interval& right) {
        return left.landed / left.seconds() < right.landed / right.seconds();
      });
  caption.key = key("landed", "landed in the file") + key("accepted", "accepted from the program");
  caption.description =
      fmt::format("{} intervals over {}. At most {} landed, in the one that began at {}.",
                  intervals.size(), duration(static_cast<double>(tree.wall_ms) / 1e3),
                  rate_text(peak.landed / peak.seconds()), duration(peak.from()));
  const std::string shapes =
      fmt::format("<path class=\"landed\" d=\"{}\"/><path class=\"accepted\" d=\"{}\"/>",
                  area(intervals, time.top,
                       [&](const Interval& i) { return i.landed / i.seconds() / rate.top; }),
                  steps(intervals, time.top,
                        [&](const Interval& i) { return i.written / i.seconds() / rate.top; }));
  return figure(caption, plot(caption, time, rate, stretched(shapes)) + time_table(intervals));
}

std::string wait_figure(const Tree& tree, const Scale& scale, const Side& side) {
  Caption caption(side, "waits", "Waiting for the device");
  const std::vector<Interval> intervals = intervals_of(tree);
  if (intervals.empty()) return without_timeline(caption);
  const Axis time = time_axis(scale.seconds);
  const Axis share = percent_axis(std::max(100.0, scale.wait_percent));
  caption.key = key("waited", "share of the time that writes waited");
  caption.description = fmt::format("{} waits of {} together, in {}.", grouped(tree.totals.waits),
                                    duration(static_cast<double>(tree.totals.wait_ns) / 1e9),
                                    duration(static_cast<double>(tree.wall_ms) / 1e3));
  const std::string shapes = fmt::format(
      "<path class=\"waited\" d=\"{}\"/>",
      area(intervals, time.top, [&](const Interval& i) { return i.wait_percent() / share.top; }));
  return figure(caption, plot(caption, time, share, stretched(shapes)));
}

// Sizes

namespace {

struct BucketRange {
  size_t first, end;
  size_t count() const { return end - first; }
};

BucketRange used_buckets(const SizeHistogram& one, const SizeHistogram& other) {
  BucketRange range{one.count.size(), 0};
  for (size_t bucket = 0; bucket < one.count.size(); ++bucket) {
    if (one.count[bucket] + other.count[bucket] == 0) continue;
    range.first = std::min(range.first, bucket);
    range.end = bucket + 1;
  }
  return range;
}

/// "8K" for a power of two.
std::string bucket_label(size_t bucket) {
  const uint64_t bytes = SizeHistogram::lower_bound(bucket);
  if (bytes < 1024) return fmt::format("{}", bytes);
  if (bytes < uint64_t{1} << 20) return fmt::format("{}K", bytes >> 10);
  if (bytes < uint64_t{1} << 30) return fmt::format("{}M", bytes >> 20);
  return fmt::format("{}G", bytes >> 30);
}

std::string bucket_text(size_t bucket) {
  std::string from = long_size(SizeHistogram::lower_bound(bucket));
  if (bucket <= 1) return from;
  if (bucket + 1 == SizeHistogram{}.count.size()) return from + " and more";
  return fmt::format("{} to below {}", from, long_size(SizeHistogram::lower_bound(bucket + 1)));
}

double share_of(const SizeHistogram& sizes, size_t bucket, uint64_t total) {
  return total == 0 ? 0
                    : 100.0 * static_cast<double>(sizes.count[bucket]) / static_cast<double>(total);
}

double largest_share(const SizeHistogram& sizes) {
  return share_of(sizes, sizes.commonest(), sizes.total());
}

Axis size_axis(const BucketRange& range) {
  constexpr size_t kMostLabels = 8;
  const auto count = static_cast<double>(range.count());
  const size_t every = (range.count() + kMostLabels - 1) / kMostLabels;
  Axis axis{.top = count, .unit = {}, .ticks = {}};
  for (size_t i = 0; i < range.count(); i += every)
    axis.ticks.push_back(
        {.at = (static_cast<double>(i) + 0.5) / count, .label = bucket_label(range.first + i)});
  return axis;
}

struct Series {
  std::string_view kind, name;
  const SizeHistogram& sizes;
};

/// In each bucket's place `position` of two.
std::string bars(const Series& series, const BucketRange& range, const Axis& share, int position) {
  constexpr double kWidth = 0.38;  // of the place
  std::string svg;
  const uint64_t total = series.sizes.total();
  const double place = 100.0 / static_cast<double>(range.count());
  for (size_t bucket = range.first; bucket < range.end; ++bucket) {
    if (series.sizes.count[bucket] == 0) continue;
    // What is there is seen, however little it is.
    const double height = std::max(0.6, 100 * share_of(series.sizes, bucket, total) / share.top);
    const double x = place * (static_cast<double>(bucket - range.first) + 0.5 +
                              (position == 0 ? -kWidth - 0.01 : 0.01));
    fmt::format_to(std::back_inserter(svg),
                   "<rect class=\"{}\" x=\"{:.2f}%\" y=\"{:.2f}%\" width=\"{:.2f}%\" "
                   "height=\"{:.2f}%\"><title>{}: {} {}</title></rect>",
                   series.kind, x, 100 - height, place * kWidth, height, bucket_text(bucket),
                   grouped(series.sizes.count[bucket]), series.name);
  }
  return svg;
}

std::string size_table(const Series& program, const Series& pieces, const BucketRange& range) {
  Table table("How many of each size", {{"size", Align::kText}, {program.name}, {pieces.name}});
  for (size_t bucket = range.first; bucket < range.end; ++bucket)
    table.add({bucket_text(bucket), grouped(program.sizes.count[bucket]),
               grouped(pieces.sizes.count[bucket])});
  return "<details><summary>The numbers</summary>\n" + table.html() + "</details>\n";
}

std::string most_are(const Series& series) {
  const uint64_t total = series.sizes.total();
  if (total == 0) return fmt::format("No {}.", series.name);
  const size_t bucket = series.sizes.commonest();
  return fmt::format("{} {}, {} of them of {}.", grouped(total), series.name,
                     percent(series.sizes.count[bucket], total), bucket_text(bucket));
}

}  // namespace

std::string size_figure(const Tree& tree, const Side& side) {
  const Series program{"program", "writes of the program", tree.totals.writes};
  const Series pieces{"direct", "pieces written direct", tree.totals.direct_writes};
  Caption caption(side, "sizes", "Sizes of writes");
  const BucketRange range = used_buckets(program.sizes, pieces.sizes);
  if (range.end == 0) return figure(caption, "<p class=\"none\">Nothing was gathered.</p>\n");
  const Axis share =
      percent_axis(std::max(largest_share(program.sizes), largest_share(pieces.sizes)));
  caption.key = key(program.kind, program.name) + key(pieces.kind, pieces.name) +
                "<span>share of their number</span>";
  caption.description = most_are(program) + " " + most_are(pieces);
  return figure(caption, plot(caption, size_axis(range), share,
                              bars(program, range, share, 0) + bars(pieces, range, share, 1)) +
                             size_table(program, pieces, range));
}

// Shares

namespace {

constexpr size_t kMostShares = 6;

struct Part {
  std::string_view kind, name;
  uint64_t bytes;
};

std::string share_bar(const Counters& counters) {
  const Part parts[] = {{"direct", "direct", counters.bytes_direct},
                        {"buffered", "buffered", counters.bytes_buffered},
                        {"passed", "passed through", counters.bytes_passed}};
  double sum = 0, at = 0;
  for (const Part& part : parts) sum += static_cast<double>(part.bytes);
  std::string label, rects;
  for (const Part& part : parts) {
    if (part.bytes == 0) continue;
    const double width = 100 * static_cast<double>(part.bytes) / sum;
    label += fmt::format("{}{} {}", label.empty() ? "" : ", ", long_size(part.bytes), part.name);
    rects += fmt::format("<rect class=\"{}\" x=\"{:.2f}%\" width=\"{:.2f}%\" height=\"100%\"/>",
                         part.kind, at, width);
    at += width;
  }
  return fmt::format(
      "<svg class=\"bar\" role=\"img\" aria-label=\"{0}\"><title>{0}</title>{1}</svg>",
      label.empty() ? "nothing" : label, rects);
}

}  // namespace

std::string share_figure(const Tree& tree, const Side& side) {
  Caption caption(side, "ways", "The way of each file");
  if (tree.files.empty()) return figure(caption, "<p class=\"none\">No file was written.</p>\n");
  caption.key =
      key("direct", "direct") + key("buffered", "buffered") + key("passed", "passed through");
  std::string list = "<ol class=\"shares\">\n";
  for (size_t i = 0; i < std::min(kMostShares, tree.files.size()); ++i) {
    const ReportedFile& file = tree.files[i];
    list += fmt::format("<li><bdi class=\"path\">{}</bdi><span>{} direct of {}</span>{}</li>\n",
                        escaped(file.path),
                        percent(file.counters.bytes_direct, bytes_of(file.counters)),
                        long_size(bytes_of(file.counters)), share_bar(file.counters));
  }
  list += "</ol>\n";
  const uint64_t more = tree.files.size() - std::min(kMostShares, tree.files.size());
  if (more > 0)
    list += fmt::format("<p class=\"none\">The largest {}; {} more.</p>\n", kMostShares,
                        counted(more, "file"));
  return figure(caption, list);
}

}  // namespace seqshim
