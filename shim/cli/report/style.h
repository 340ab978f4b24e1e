// How a page looks: on a screen, light and dark, wide and narrow, and on paper.
#pragma once

#include <string_view>

namespace seqshim {

// Blue, orange and grey differ in lightness too, and stay apart for who can't tell red from green.
inline constexpr std::string_view kStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f8; --card: #fff; --ink: #1a1f25; --soft: #5a6570; --rule: #dfe3e7; --grid: #e9ecef;
  --blue: #1168bd; --orange: #d9730d; --grey: #98a1aa; --warn: #a33c00;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #12161a; --card: #1a1f24; --ink: #e6e9ec; --soft: #9ca7b2; --rule: #2e353c;
    --grid: #272e34; --blue: #5cabf2; --orange: #f0a03c; --grey: #727d88; --warn: #ffb37a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans",
    "DejaVu Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
main, header, footer { max-width: 76rem; margin: 0 auto; padding: 0 2rem; }
header { padding-top: 2.5rem; }
footer { padding-top: 1rem; padding-bottom: 2.5rem; color: var(--soft); font-size: .87rem; }
h1, h2, h3, p { margin: 0; }
h1 { font-size: 1.9rem; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; }
h2 { font-size: 1.15rem; font-weight: 650; margin: 2.5rem 0 .9rem; }
h3 { font-size: .95rem; font-weight: 650; }
.eyebrow { color: var(--soft); font-size: .87rem; margin-bottom: .35rem; }
.lead { font-size: 1.1rem; margin-top: .6rem; max-width: 50em; text-wrap: pretty; }
.meta { color: var(--soft); margin-top: .35rem; font-size: .87rem; }
.note { border-left: 3px solid var(--warn); padding-left: .8rem; margin-top: .9rem; color: var(--warn); }
.against { color: var(--soft); font-weight: 400; }
.path { font-family: var(--mono); font-size: .92em; unicode-bidi: isolate; }
.none { color: var(--soft); font-size: .87rem; }

.facts {
  display: grid; grid-template-columns: repeat(6, 1fr); margin: 1.8rem 0 0; gap: 1px;
  background: var(--rule); border: 1px solid var(--rule); border-radius: 8px; overflow: hidden;
}
.facts div { background: var(--card); padding: .85rem 1rem; }
.facts dt { color: var(--soft); font-size: .8rem; }
.facts dd { margin: 0; font-size: 1.45rem; line-height: 1.35; font-weight: 600; letter-spacing: -.01em; }
.facts small { display: block; color: var(--soft); font-size: .8rem; font-weight: 400; letter-spacing: 0; }

.figures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
figure, .card {
  margin: 0; min-width: 0; background: var(--card); border: 1px solid var(--rule); border-radius: 8px;
  padding: 1rem 1.1rem;
}
.card { overflow-x: auto; }
figcaption p { color: var(--soft); font-size: .8rem; display: flex; flex-wrap: wrap; gap: 0 1rem; }
.key { white-space: nowrap; }
.key i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 2px; }
.key i.landed, .key i.direct { background: var(--blue); }
.key i.buffered, .key i.waited { background: var(--orange); }
.key i.passed, .key i.program { background: var(--grey); }
.key i.accepted { height: 2px; border-radius: 0; vertical-align: .3em; background: var(--ink); }

svg.plot {
  display: block; overflow: visible; height: 11rem; width: calc(100% - 3.2rem);
  margin: 1.9rem .2rem 1.9rem 3rem;
}
.plot .grid line { stroke: var(--grid); stroke-width: 1; }
.plot .grid line:first-child { stroke: var(--soft); }
.plot text { fill: var(--soft); font-size: 11.5px; }
.plot .y text { text-anchor: end; }
.plot .x text { text-anchor: middle; }
.plot .x text.end { text-anchor: end; }
.plot path.landed { fill: var(--blue); }
.plot path.waited { fill: var(--orange); }
.plot path.accepted { fill: none; stroke: var(--ink); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
rect.direct { fill: var(--blue); }
rect.buffered { fill: var(--orange); }
rect.passed, rect.program { fill: var(--grey); }

.shares { list-style: none; margin: .9rem 0 .6rem; padding: 0; display: grid; gap: .7rem; }
.shares li { display: grid; grid-template-columns: 1fr auto; gap: .15rem 1rem; align-items: end; }
.shares .path { font-size: .82rem; line-height: 1.35; }
.shares span { color: var(--soft); font-size: .8rem; text-align: right; white-space: nowrap; }
svg.bar { grid-column: 1 / -1; display: block; width: 100%; height: .7rem; border-radius: 2px; background: var(--grid); }

table { border-collapse: collapse; width: 100%; font-size: .85rem; }
caption { text-align: left; color: var(--soft); font-size: .8rem; padding-bottom: .4rem; }
th, td { padding: .4rem .55rem; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--rule); }
tr > :first-child { padding-left: 0; }
tr > :last-child { padding-right: 0; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--soft); font-weight: 500; font-size: .8rem; vertical-align: bottom; }
tbody th { font-weight: 400; }
th.n, td.n { text-align: right; }
th, td { overflow-wrap: normal; }
td.n { white-space: nowrap; }
tbody th { overflow-wrap: anywhere; }
th.p { min-width: 12rem; }
th .path { display: block; }
tbody th .path { font-size: .82rem; }
details { margin-top: .4rem; }
summary { cursor: pointer; color: var(--soft); font-size: .8rem; width: max-content; max-width: 100%; }
details table { margin-top: .5rem; }
details td.n { white-space: normal; }
summary:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }

@media screen and (max-width: 62rem) {
  .facts { grid-template-columns: repeat(3, 1fr); }
}
@media screen and (max-width: 60rem) {
  table.wide thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table.wide, table.wide tbody, table.wide caption { display: block; }
  table.wide tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr)); gap: .3rem .8rem; padding: .7rem 0; border-bottom: 1px solid var(--rule); }
  table.wide tbody tr:last-child { border-bottom: 0; }
  table.wide tr > * { border: 0; padding: 0; text-align: left; }
  table.wide tr > th:first-child { grid-column: 1 / -1; font-weight: 600; }
  table.wide th, table.wide td { width: auto; min-width: 0; white-space: normal; overflow-wrap: anywhere; }
  table.wide td::before { content: attr(data-title); display: block; color: var(--soft); font-size: .75rem; }
}
@media screen and (max-width: 50rem) {
  body { font-size: 16px; }
  main, header, footer { padding-left: 1rem; padding-right: 1rem; }
  header { padding-top: 1.5rem; }
  h1 { font-size: 1.55rem; }
  .facts { grid-template-columns: repeat(2, 1fr); }
  .figures { grid-template-columns: minmax(0, 1fr); }
  figure, .card { padding: .9rem; }
  .shares li { grid-template-columns: 1fr; }
  .shares span { text-align: left; }
  table { font-size: .8rem; }
  td.n { white-space: normal; }
  th, td { padding-left: .3rem; padding-right: .3rem; }
}
@media print {
  :root { --page: #fff; }
  body { font-size: 10pt; }
  main, header, footer { max-width: none; padding-left: 0; padding-right: 0; }
  figure, .facts, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  .facts, figure, .card { border-color: #bbb; }
  rect, path, .key i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  figure details { display: none; }
}
)css";

}  // namespace seqshim
