#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
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
// Classes that are looked at in a step where scorers may prefer improbable ones.
constexpr size_t kScoredCandidates = 100;

double LogAdd(double a, double b) {
  if (a < b) std::swap(a, b);
  return b == kMinusInfinity ? a : a + std::log1p(std::exp(b - a));
}

// What the scorers say of a prefix.
struct Standing {
  double bonus = 0;  // nats
  std::array<int32_t, kMostCtcScorers> states{};
};

// Every prefix that was ever kept, once: prefixes that share a beginning share its nodes, and equal ones are one node.
class PrefixTree {
 public:
  explicit PrefixTree(const Standing& root) : nodes_{{-1, -1, root}} {}

  int parent(int node) const { return nodes_[static_cast<size_t>(node)].parent; }
  int symbol(int node) const { return nodes_[static_cast<size_t>(node)].symbol; }
  const Standing& standing(int node) const { return nodes_[static_cast<size_t>(node)].standing; }

  // -1 if this prefix was never kept.
  int Find(int node, int symbol) const {
    const auto found = children_.find(Key(node, symbol));
    return found == children_.end() ? -1 : found->second;
  }

  int FindOrAdd(int node, int symbol, const Standing& standing) {
    const auto [entry, added] = children_.try_emplace(Key(node, symbol), static_cast<int>(nodes_.size()));
    if (added) nodes_.push_back({node, symbol, standing});
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
    Standing standing;
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
  double worth;        // log-probability and what the scorers add
  double probability;  // its logarithm
  size_t slot;         // of the prefix that is extended
  int symbol;          // -1: the prefix itself goes on
};

bool ComesFirst(const Extension& a, const Extension& b) {
  if (a.worth != b.worth) return a.worth > b.worth;
  return a.slot != b.slot ? a.slot < b.slot : a.symbol < b.symbol;
}

class BeamSearch {
 public:
  BeamSearch(const CtcInput& input, const CtcOptions& options, const CtcBeamOptions& beam,
             StepProbabilities* probabilities)
      : input_(input), options_(options), width_(static_cast<size_t>(std::max(beam.width, 1))), prune_(beam.prune),
        scorers_(beam.scorers.first(std::min(beam.scorers.size(), kMostCtcScorers))), probabilities_(probabilities),
        tree_(Empty()), prefixes_(1), indices_(static_cast<size_t>(input.classes)) {}

  void Step(int step);

  struct Reading {
    double worth;
    std::vector<int> symbols;
  };
  Reading Best() const;

 private:
  Standing Empty() const;
  Standing After(int node, int symbol) const;
  double Ending(int node) const;
  void FindCandidates(int step);
  void KeepPrefixes(int step, const std::vector<double>& totals);
  void Extend(const std::vector<double>& totals);

  const CtcInput& input_;
  const CtcOptions& options_;
  size_t width_;
  float prune_;
  std::span<PrefixScorer* const> scorers_;
  StepProbabilities* probabilities_;

  PrefixTree tree_;
  double blanks_ = 0;                                  // log-probability of the path of blanks
  std::vector<Prefix> prefixes_;                       // by falling worth
  std::vector<Prefix> next_;                           // the same prefixes one step later
  std::unordered_map<int, size_t> slots_;              // node to place in prefixes_
  std::vector<int> indices_;                           // scratch of FindCandidates
  std::vector<std::pair<int, double>> candidates_;     // class and log-probability
  std::vector<Extension> extensions_;
};

Standing BeamSearch::Empty() const {
  Standing standing;
  for (size_t i = 0; i < scorers_.size(); ++i) standing.states[i] = scorers_[i]->Start();
  return standing;
}

Standing BeamSearch::After(int node, int symbol) const {
  Standing standing = tree_.standing(node);
  for (size_t i = 0; i < scorers_.size() && standing.bonus > kMinusInfinity; ++i) {
    const auto [state, score] = scorers_[i]->Extend(standing.states[i], symbol);
    standing.states[i] = state;
    standing.bonus += score;
  }
  return standing;
}

// What the scorers add to a prefix that is the whole reading.
double BeamSearch::Ending(int node) const {
  const Standing& standing = tree_.standing(node);
  double bonus = standing.bonus;
  for (size_t i = 0; i < scorers_.size(); ++i) bonus += scorers_[i]->End(standing.states[i]);
  return bonus;
}

// The classes that can extend a prefix in this step. Without scorers more than width + 1 of them are never needed: each prefix
// has then `width` extensions or kept children that are at least as probable as any by a class left out.
void BeamSearch::FindCandidates(int step) {
  const float* row = probabilities_->row(step);
  const float floor = probabilities_->Floor(step, prune_);
  int found = CollectAtLeast(row, input_.classes, floor, indices_.data());
  auto end = std::remove_if(indices_.begin(), indices_.begin() + found, [this](int symbol) {
    return symbol == options_.blank || !IsAllowed(options_, symbol);
  });
  const auto more_probable = [row](int a, int b) { return row[a] != row[b] ? row[a] > row[b] : a < b; };
  const size_t most = scorers_.empty() ? width_ + 1 : std::max(width_ + 1, kScoredCandidates);
  if (static_cast<size_t>(end - indices_.begin()) > most) {
    const auto last = indices_.begin() + static_cast<ptrdiff_t>(most);
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
  blanks_ += blank;
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
    const double total = kept.total();
    extensions_.push_back({total + tree_.standing(prefix.node).bonus, total, slot, -1});
  }
}

void BeamSearch::Extend(const std::vector<double>& totals) {
  for (size_t slot = 0; slot < prefixes_.size(); ++slot) {
    const Prefix& prefix = prefixes_[slot];
    for (const auto& [symbol, probability] : candidates_) {
      const int child = tree_.Find(prefix.node, symbol);
      if (child >= 0 && slots_.count(child) != 0) continue;
      const bool repeats = prefix.node != kRoot && tree_.symbol(prefix.node) == symbol;
      const double total = (repeats ? prefix.ends_in_blank : totals[slot]) + probability;
      if (total == kMinusInfinity) continue;
      const double worth = total + After(prefix.node, symbol).bonus;
      if (worth > kMinusInfinity) extensions_.push_back({worth, total, slot, symbol});
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
      const int parent = prefixes_[extension->slot].node;
      const int node = tree_.FindOrAdd(parent, extension->symbol, After(parent, extension->symbol));
      survivors.push_back({node, kMinusInfinity, extension->probability});
    }
  }
  prefixes_ = std::move(survivors);
}

BeamSearch::Reading BeamSearch::Best() const {
  if (scorers_.empty()) return {prefixes_.front().total(), tree_.Symbols(prefixes_.front().node)};
  double worth = kMinusInfinity;
  int best = kRoot;
  for (const Prefix& prefix : prefixes_) {
    const double total = prefix.total() + Ending(prefix.node);
    if (total <= worth) continue;
    worth = total;
    best = prefix.node;
  }
  // No kept prefix may end here: blanks alone can be read from any line.
  if (worth == kMinusInfinity) worth = blanks_;
  return {worth, tree_.Symbols(best)};
}

}  // namespace

double CtcBeam(const CtcInput& input, const CtcOptions& options, const CtcBeamOptions& beam,
               std::vector<CtcSymbol>* symbols) {
  symbols->clear();
  if (input.values == nullptr || input.steps <= 0 || input.classes <= 0) return 0;
  StepProbabilities probabilities(input);
  BeamSearch search(input, options, beam, &probabilities);
  for (int step = 0; step < input.steps; ++step) search.Step(step);
  const auto [worth, best] = search.Best();
  const std::vector<int> best_steps = AlignSymbols(input, options, best, &probabilities, symbols);
  FillSpaces(options, input, &probabilities, best_steps, symbols);
  return worth;
}

}  // namespace placard
