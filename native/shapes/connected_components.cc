#include "shapes/connected_components.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "shapes/row_bits.h"

namespace placard {
namespace {

// While components are being joined, a run's `label` is the place of an earlier run of its component, or its own: then it is
// the root. A component's root is thus its first run, and no array beside the runs is needed.
int Root(std::vector<Run>& runs, int place) {
  while (runs[static_cast<size_t>(place)].label != place) {
    int& up = runs[static_cast<size_t>(place)].label;
    up = runs[static_cast<size_t>(up)].label;
    place = up;
  }
  return place;
}

void Join(std::vector<Run>& runs, int a, int b) {
  a = Root(runs, a);
  b = Root(runs, b);
  runs[static_cast<size_t>(std::max(a, b))].label = std::min(a, b);
}

void AppendRun(int y, int begin, int end, std::vector<Run>* runs) {
  runs->push_back({y, begin, end, static_cast<int>(runs->size())});
}

// Appends the runs of a row's bits, whose spare ones are 0.
void ScanRow(const uint64_t* bits, int width, int y, std::vector<Run>* runs) {
  int open = -1;  // where the run that goes on began
  for (int base = 0; base < width; base += 64) {
    const uint64_t here = *bits++;
    for (uint64_t changes = here ^ (here << 1 | (open >= 0 ? 1 : 0)); changes != 0; changes &= changes - 1) {
      const int x = base + std::countr_zero(changes);
      if (open >= 0) {
        AppendRun(y, open, x, runs);
        open = -1;
      } else {
        open = x;
      }
    }
  }
  if (open >= 0) AppendRun(y, open, width, runs);
}

// Joins the runs [middle, end) of a row with those of the row above, [begin, middle). Diagonal neighbors touch when `reach`
// is 1.
void JoinRows(std::vector<Run>& runs, int begin, int middle, int reach) {
  int above = begin;
  const int end = static_cast<int>(runs.size());
  for (int place = middle; place < end; ++place) {
    const Run run = runs[static_cast<size_t>(place)];
    while (above < middle && runs[static_cast<size_t>(above)].end + reach <= run.begin) ++above;
    for (int other = above; other < middle && runs[static_cast<size_t>(other)].begin < run.end + reach; ++other) {
      Join(runs, other, place);
    }
  }
}

// Replaces places by labels and measures the components.
void NumberComponents(std::vector<Run>& runs, std::vector<Component>* components, std::vector<int>* run_counts) {
  for (size_t place = 0; place < runs.size(); ++place) {
    Run& run = runs[place];
    if (run.label == static_cast<int>(place)) {
      run.label = static_cast<int>(components->size());
      components->push_back({run.begin, run.y, run.end - 1, run.y, 0});
      run_counts->push_back(0);
    } else {
      run.label = runs[static_cast<size_t>(run.label)].label;
    }
    Component& component = (*components)[static_cast<size_t>(run.label)];
    component.left = std::min(component.left, run.begin);
    component.right = std::max(component.right, run.end - 1);
    component.bottom = run.y;
    component.area += run.end - run.begin;
    ++(*run_counts)[static_cast<size_t>(run.label)];
  }
}

// Turns counts into offsets and brings the runs into that order, keeping rows rising within a component.
void GroupRuns(const std::vector<Run>& scanned, std::vector<Run>* runs, std::vector<int>* offsets) {
  int begin = 0;
  for (int& entry : *offsets) {
    const int count = entry;
    entry = begin;
    begin += count;
  }
  runs->resize(scanned.size());
  for (const Run& run : scanned) (*runs)[static_cast<size_t>((*offsets)[static_cast<size_t>(run.label)]++)] = run;
  // Each entry has moved on to the next component's beginning.
  offsets->insert(offsets->begin(), 0);
}

// `bits_of(y)` gives the bits of row y, to be used before the next row is asked for.
template <typename BitsOf>
void Label(int width, int height, Connectivity connectivity, BitsOf bits_of, Components* result) {
  result->components.clear();
  result->runs.clear();
  result->offsets.clear();
  result->scanned.clear();
  const int reach = connectivity == Connectivity::kEight ? 1 : 0;
  int above = 0;  // first run of the row above
  for (int y = 0; y < height; ++y) {
    const int here = static_cast<int>(result->scanned.size());
    ScanRow(bits_of(y), width, y, &result->scanned);
    JoinRows(result->scanned, above, here, reach);
    above = here;
  }
  NumberComponents(result->scanned, &result->components, &result->offsets);
  GroupRuns(result->scanned, &result->runs, &result->offsets);
}

}  // namespace

void LabelComponents(const MapView& map, float threshold, Connectivity connectivity, Components* result) {
  const int width = map.data == nullptr ? 0 : std::max(0, map.width);
  std::vector<uint64_t> bits(static_cast<size_t>(width + 63) / 64);
  const auto bits_of = [&](int y) {
    BitsAbove(map.row(y), width, threshold, bits.data());
    return bits.data();
  };
  Label(width, width > 0 ? map.height : 0, connectivity, bits_of, result);
}

void LabelComponents(const BitMap& map, Connectivity connectivity, Components* result) {
  Label(map.width(), map.height(), connectivity, [&map](int y) { return map.row(y); }, result);
}

}  // namespace placard
