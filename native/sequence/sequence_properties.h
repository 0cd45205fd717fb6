#ifndef PLACARD_SEQUENCE_SEQUENCE_PROPERTIES_H_
#define PLACARD_SEQUENCE_SEQUENCE_PROPERTIES_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/fuzz_input.h"
#include "sequence/ctc.h"

// What holds for any input, for fuzzers (test/fuzz) and for the tests that repeat them on a seeded corpus.
namespace placard {

// Symbols are classes that may be read, one after the other within the line; what are probabilities lie in [0, 1].
inline void CheckSymbols(const CtcInput& input, const CtcOptions& options, const std::vector<CtcSymbol>& symbols) {
  int32_t end = 0;
  int32_t previous = options.blank;
  for (const CtcSymbol& symbol : symbols) {
    PLACARD_REQUIRE(symbol.symbol >= 0 && symbol.symbol < input.classes && symbol.symbol != options.blank);
    const auto place = static_cast<size_t>(symbol.symbol);
    PLACARD_REQUIRE(options.allowed.empty() || (place < options.allowed.size() && options.allowed[place] != 0));
    PLACARD_REQUIRE(symbol.begin >= end && symbol.begin < symbol.end && symbol.end <= input.steps);
    PLACARD_REQUIRE(symbol.symbol != previous || symbol.begin > end);  // a blank lies between equal neighbors
    PLACARD_REQUIRE(symbol.confidence >= 0 && symbol.confidence <= 1);
    PLACARD_REQUIRE(symbol.space_before >= 0 && symbol.space_before <= 1);
    end = symbol.end;
    previous = symbol.symbol;
  }
}

// One fuzzer input: a line of probabilities or logits, read both ways.
inline void CheckSequence(const uint8_t* data, size_t size) {
  FuzzInput input(data, size);
  const uint8_t kind = input.Byte();
  CtcInput line;
  line.classes = 1 + input.Below(kind % 8 == 0 ? 300 : 12);
  line.steps = input.Below(40);
  line.logits = kind % 2 == 0;
  CtcOptions options;
  options.blank = input.Below(line.classes + 2) - 1;
  options.space = input.Below(line.classes + 2) - 1;
  std::vector<uint8_t> allowed;
  if (kind % 4 >= 2) {
    allowed.resize(static_cast<size_t>(input.Below(line.classes + 1)));
    for (uint8_t& flag : allowed) flag = input.Byte() % 2;
    options.allowed = allowed;
  }
  CtcBeamOptions beam;
  beam.width = input.Below(20) - 2;
  beam.prune = input.Probability();
  std::vector<float> values(static_cast<size_t>(line.classes) * static_cast<size_t>(line.steps));
  for (float& value : values) value = line.logits ? 20 * input.Probability() - 10 : input.Probability();
  line.values = values.data();

  std::vector<CtcSymbol> symbols;
  CtcGreedy(line, options, &symbols);
  CheckSymbols(line, options, symbols);
  const double score = CtcBeam(line, options, beam, &symbols);
  PLACARD_REQUIRE(std::isfinite(score));
  CheckSymbols(line, options, symbols);
}

}  // namespace placard

#endif  // PLACARD_SEQUENCE_SEQUENCE_PROPERTIES_H_
