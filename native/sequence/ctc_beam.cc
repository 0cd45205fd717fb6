#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sequence/ctc.h"
#include "sequence/ctc_alignment.h"
#include "sequence/row_scan.h"
#include "sequence/step_probabilities.h"

namespace placard {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();
constexpr int kRoot = 0;

double LogAdd(double a, double b) {
  if (a < b) std::swap(a, b);
  return b == kMinusInfinity ? a : a + std::log1p(std::exp(b - a));
}

// Every prefix that was ever kept, once: prefixes that share a beginning share its nodes, and equal ones are one node.
class PrefixTree {
 public:
  PrefixTree() : nodes_{{-1, -1}} {}

  int parent(int node) const { return nodes_[static_cast<size_t>(node)].parent; }
  int symbol(int node) const { return nodes_[static_cast<size_t>(node)].symbol; }

  // -1 if this prefix was never kept.
  int Find(int node, int symbol) const {
    const auto found = children_.find(Key(node, symbol));
    return found == children_.end() ? -1 : found->second;
  }

  int FindOrAdd(int node, int symbol) {
    const auto [entry, added] = children_.try_emplace(Key(node, symbol), static_cast<int>(nodes_.size()));
    if (added) nodes_.push_back({node, symbol});
    return entry->second;
  }

  std::vector<int> Symbols(int node) const {
    std::vector<int> symbols;
    for (; node != kRoot; node = parent(node)) symbols.push_back(symbol(node));
    std::reverse(symbols.begin(), symbols.end());
    return symbols;
  }

 private:
  struct Node {
    int parent;
    int symbol;
  };
  static uint64_t Key(int node, int symbol) {
    return static_cast<uint64_t>(static_cast<uint32_t>(node)) << 32 | static_cast<uint32_t>(symbol);
  }

  std::vector<Node> nodes_;
  std::unordered_map<uint64_t, int> children_;
};

// A kept prefix: log-probabilities of the paths so far that read it, by whether they end in the blank.
struct Prefix {
  int node = kRoot;
  double ends_in_blank = 0;
  double ends_in_symbol = kMinusInfinity;

  double total() const { return LogAdd(ends_in_blank, ends_in_symbol); }
};

struct Extension {
  double score;
  size_t slot;  // of the prefix that is extended
  int symbol;   // -1: the prefix itself goes on
};

bool ComesFirst(const Extension& a, const Extension& b) {
  if (a.score != b.score) return a.score > b.score;
  return a.slot != b.slot ? a.slot < b.slot : a.symbol < b.symbol;
}

class BeamSearch {
 public:
  BeamSearch(const CtcInput& input, const CtcOptions& options, const CtcBeamOptions& beam,
             StepProbabilities* probabilities)
      : input_(input), options_(options), width_(static_cast<size_t>(std::max(beam.width, 1))), prune_(beam.prune),
        probabilities_(probabilities), prefixes_(1), indices_(static_cast<size_t>(input.classes)) {}

  void Step(int step);

  std::vector<int> BestSymbols() const { return tree_.Symbols(prefixes_.front().node); }
  double BestScore() const { return prefixes_.front().total(); }

 private:
  void FindCandidates(int step);
  void KeepPrefixes(int step, const std::vector<double>& totals);
  void Extend(const std::vector<double>& totals);

  const CtcInput& input_;
  const CtcOptions& options_;
  size_t width_;
  float prune_;
  StepProbabilities* probabilities_;

  PrefixTree tree_;
  std::vector<Prefix> prefixes_;                       // by falling total
  std::vector<Prefix> next_;                           // the same prefixes one step later
  std::unordered_map<int, size_t> slots_;              // node to place in prefixes_
  std::vector<int> indices_;                           // scratch of FindCandidates
  std::vector<std::pair<int, double>> candidates_;     // class and log-probability
  std::vector<Extension> extensions_;
};

// The classes that can extend a prefix in this step. More than width + 1 of them are never needed: each prefix has then
// `width` extensions or kept children that are at least as probable as any by a class left out.
void BeamSearch::FindCandidates(int step) {
  const float* row = probabilities_->row(step);
  const float floor = probabilities_->Floor(step, prune_);
  int found = CollectAtLeast(row, input_.classes, floor, indices_.data());
  auto end = std::remove_if(indices_.begin(), indices_.begin() + found, [this](int symbol) {
    return symbol == options_.blank || !IsAllowed(options_, symbol);
  });
  const auto more_probable = [row](int a, int b) { return row[a] != row[b] ? row[a] > row[b] : a < b; };
  if (static_cast<size_t>(end - indices_.begin()) > width_ + 1) {
    const auto last = indices_.begin() + static_cast<ptrdiff_t>(width_ + 1);
    std::nth_element(indices_.begin(), last, end, more_probable);
    end = last;
  }
  candidates_.clear();
  for (auto symbol = indices_.begin(); symbol != end; ++symbol) {
    const double probability = probabilities_->Of(step, *symbol);
    if (probability > 0) candidates_.emplace_back(*symbol, std::log(probability));
  }
}

// What each prefix is worth after the step if it stays as it is: a blank, its last symbol held, or its parent extended.
void BeamSearch::KeepPrefixes(int step, const std::vector<double>& totals) {
  const bool has_blank = options_.blank >= 0 && options_.blank < input_.classes;
  const double blank = LogProbability(has_blank ? probabilities_->Of(step, options_.blank) : 0);
  next_.clear();
  for (size_t slot = 0; slot < prefixes_.size(); ++slot) {
    const Prefix& prefix = prefixes_[slot];
    Prefix kept{prefix.node, totals[slot] + blank, kMinusInfinity};
    if (prefix.node != kRoot) {
      const int symbol = tree_.symbol(prefix.node);
      const float probability = probabilities_->Of(step, symbol);
      const double held = probability > 0 ? std::log(static_cast<double>(probability)) : kMinusInfinity;
      kept.ends_in_symbol = prefix.ends_in_symbol + held;
      const auto parent = slots_.find(tree_.parent(prefix.node));
      if (parent != slots_.end() && probability >= prune_) {
        const Prefix& shorter = prefixes_[parent->second];
        const bool repeats = shorter.node != kRoot && tree_.symbol(shorter.node) == symbol;
        const double before = repeats ? shorter.ends_in_blank : totals[parent->second];
        kept.ends_in_symbol = LogAdd(kept.ends_in_symbol, before + held);
      }
    }
    next_.push_back(kept);
    extensions_.push_back({kept.total(), slot, -1});
  }
}

void BeamSearch::Extend(const std::vector<double>& totals) {
  for (size_t slot = 0; slot < prefixes_.size(); ++slot) {
    const Prefix& prefix = prefixes_[slot];
    for (const auto& [symbol, probability] : candidates_) {
      const int child = tree_.Find(prefix.node, symbol);
      if (child >= 0 && slots_.count(child) != 0) continue;
      const bool repeats = prefix.node != kRoot && tree_.symbol(prefix.node) == symbol;
      const double score = (repeats ? prefix.ends_in_blank : totals[slot]) + probability;
      if (score > kMinusInfinity) extensions_.push_back({score, slot, symbol});
    }
  }
}

void BeamSearch::Step(int step) {
  slots_.clear();
  std::vector<double> totals;
  for (const Prefix& prefix : prefixes_) {
    slots_.emplace(prefix.node, totals.size());
    totals.push_back(prefix.total());
  }
  extensions_.clear();
  FindCandidates(step);
  KeepPrefixes(step, totals);
  Extend(totals);

  const size_t kept = std::min(width_, extensions_.size());
  const auto middle = extensions_.begin() + static_cast<ptrdiff_t>(kept);
  std::partial_sort(extensions_.begin(), middle, extensions_.end(), ComesFirst);
  std::vector<Prefix> survivors;
  survivors.reserve(kept);
  for (auto extension = extensions_.begin(); extension != middle; ++extension) {
    if (extension->symbol < 0) {
      survivors.push_back(next_[extension->slot]);
    } else {
      const int node = tree_.FindOrAdd(prefixes_[extension->slot].node, extension->symbol);
      survivors.push_back({node, kMinusInfinity, extension->score});
    }
  }
  prefixes_ = std::move(survivors);
}

}  // namespace

double CtcBeam(const CtcInput& input, const CtcOptions& options, const CtcBeamOptions& beam,
               std::vector<CtcSymbol>* symbols) {
  symbols->clear();
  if (input.values == nullptr || input.steps <= 0 || input.classes <= 0) return 0;
  StepProbabilities probabilities(input);
  BeamSearch search(input, options, beam, &probabilities);
  for (int step = 0; step < input.steps; ++step) search.Step(step);
  const std::vector<int> best_steps = AlignSymbols(input, options, search.BestSymbols(), &probabilities, symbols);
  FillSpaces(options, input, &probabilities, best_steps, symbols);
  return search.BestScore();
}

}  // namespace placard
