#include <memory>
#include <utility>

#include "addon/arguments.h"
#include "addon/handles.h"
#include "addon/job.h"
#include "addon/operations.h"

namespace placard {
namespace {

// Makes something immutable off the JavaScript thread and gives a handle to it.
template <typename Value, typename Make>
Napi::Value Open(const Arguments& arguments, Make make) {
  auto made = std::make_shared<std::shared_ptr<const Value>>();
  Operation operation;
  operation.task = [=, make = std::move(make), clock = arguments.context().clock](int) -> Status {
    const WorkTimer timer(clock.get(), Work::kSequence);
    Result<std::shared_ptr<const Value>> result = make();
    if (!result.ok()) return result.status();
    *made = std::move(*result);
    return {};
  };
  operation.result = [made](Napi::Env env) -> Napi::Value { return ConstantHandle<Value>::New(env, std::move(*made)); };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

// openLexicon({letters, kinds, words, lengths}) -> Lexicon: by class its letter (-1 for none) and its kind (0 separator, 1
// letter, 2 ideograph); the words' letters one after the other, and how many each has.
Napi::Value OpenLexicon(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "lexicon");
  SpellingTable table;
  table.letters = arguments.Integers("letters");
  for (const uint8_t kind : arguments.Bytes("kinds")) table.kinds.push_back(static_cast<SymbolKind>(kind));
  return Open<Lexicon>(arguments, [table = std::move(table), words = arguments.Integers("words"),
                                   lengths = arguments.Integers("lengths")] { return Lexicon::Make(table, words, lengths); });
}

// openCharacterModel({letters, firsts, characters, scores, next, shorter, backoffs, start, unknown}) -> CharacterModel: the
// table of sequence/character_model.h.
Napi::Value OpenCharacterModel(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "characterModel");
  CharacterModel::Table table;
  table.letters = arguments.Integers("letters");
  table.firsts = arguments.Integers("firsts");
  table.characters = arguments.Integers("characters");
  table.scores = arguments.Floats("scores");
  table.next = arguments.Integers("next");
  table.shorter = arguments.Integers("shorter");
  table.backoffs = arguments.Floats("backoffs");
  table.start = arguments.Integer("start", 0, 1 << 30);
  table.unknown = static_cast<float>(arguments.Number("unknown", -1e6, 0));
  return Open<CharacterModel>(arguments, [table = std::move(table)] { return CharacterModel::Make(table); });
}

}  // namespace

void InitBiasOperations(Napi::Env env, Napi::Object exports) {
  exports.Set("openLexicon", Napi::Function::New<OpenLexicon>(env, "openLexicon"));
  exports.Set("openCharacterModel", Napi::Function::New<OpenCharacterModel>(env, "openCharacterModel"));
}

}  // namespace placard
