#ifndef PLACARD_SEQUENCE_SEQUENCE_PROPERTIES_H_
#define PLACARD_SEQUENCE_SEQUENCE_PROPERTIES_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/fuzz_input.h"
#include "sequence/character_model.h"
#include "sequence/ctc.h"
#include "sequence/lexicon.h"

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

// A list of words over the classes, none that is not one.
inline std::shared_ptr<const Lexicon> TakeLexicon(int classes, FuzzInput* input) {
  SpellingTable table;
  for (int symbol = 0; symbol < classes; ++symbol) {
    table.letters.push_back(symbol);
    table.kinds.push_back(static_cast<SymbolKind>(symbol * 7 % 3));
  }
  std::vector<int32_t> letters, lengths;
  for (int left = 1 + input->Below(6); left > 0; --left) {
    lengths.push_back(1 + input->Below(4));
    for (int32_t i = 0; i < lengths.back(); ++i) letters.push_back(input->Below(classes));
  }
  const auto lexicon = Lexicon::Make(std::move(table), letters, lengths);
  PLACARD_REQUIRE(lexicon.ok());
  return *lexicon;
}

// A table that may be one of a character model, or none: null.
inline std::shared_ptr<const CharacterModel> TakeCharacterModel(int classes, FuzzInput* input) {
  CharacterModel::Table table;
  for (int symbol = 0; symbol < classes; ++symbol) table.letters.push_back(input->Below(classes + 2) - 1);
  const int contexts = 1 + input->Below(5);
  const bool tidy = input->Byte() % 4 != 0;
  table.firsts.push_back(0);
  for (int context = 0; context < contexts; ++context) {
    int character = 0;
    for (int left = input->Below(4); left > 0; --left) {
      table.characters.push_back(character);
      table.scores.push_back(tidy ? -input->Byte() / 16.0F : input->Probability());
      table.next.push_back(input->Below(contexts + (tidy ? 0 : 1)));
      character += tidy ? 1 + input->Below(4) : input->Below(4);
    }
    table.firsts.push_back(static_cast<int32_t>(table.characters.size()));
    table.shorter.push_back(tidy ? input->Below(context + 1) / 2 : input->Below(contexts));
    table.backoffs.push_back(tidy ? -input->Byte() / 16.0F : input->Probability());
  }
  table.start = input->Below(contexts);
  table.unknown = -3;
  const auto model = CharacterModel::Make(std::move(table));
  return model.ok() ? *model : nullptr;
}

// The same line by a beam that words, a character model or both bias.
inline void CheckBiasedBeam(const CtcInput& line, const CtcOptions& options, CtcBeamOptions beam, FuzzInput* input) {
  const auto lexicon = TakeLexicon(line.classes, input);
  const auto model = TakeCharacterModel(line.classes, input);
  const LexiconOptions words{.only = input->Byte() % 2 == 0, .weight = input->Byte() / 64.0};
  const CharacterModelOptions characters{.weight = input->Byte() / 64.0, .bonus = input->Byte() / 64.0 - 2};
  std::vector<PrefixScorer*> scorers;
  LexiconScorer by_words(*lexicon, words);
  std::optional<CharacterModelScorer> by_characters;
  if (input->Byte() % 3 != 0) scorers.push_back(&by_words);
  if (model != nullptr && input->Byte() % 3 != 0) scorers.push_back(&by_characters.emplace(*model, characters));
  beam.scorers = scorers;
  std::vector<CtcSymbol> symbols;
  PLACARD_REQUIRE(std::isfinite(CtcBeam(line, options, beam, &symbols)));
  CheckSymbols(line, options, symbols);
}

// One fuzzer input: a line of probabilities or logits, read in every way.
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
  PLACARD_REQUIRE(CtcBestPath(line, options).size() == static_cast<size_t>(line.steps));
  CheckBiasedBeam(line, options, beam, &input);
}

}  // namespace placard

#endif  // PLACARD_SEQUENCE_SEQUENCE_PROPERTIES_H_
