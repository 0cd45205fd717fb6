#ifndef PLACARD_ADDON_ARGUMENTS_H_
#define PLACARD_ADDON_ARGUMENTS_H_

#include <napi.h>

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "addon/job.h"
#include "base/geometry.h"
#include "device/tensor.h"
#include "kernels/border.h"
#include "kernels/normalization.h"
#include "runtime/network.h"
#include "sequence/character_model.h"
#include "sequence/lexicon.h"

namespace placard {

// Reads one operation's arguments, (context, struct). Trusts nothing: a wrong value throws "Expected … for warp.width but
// received …" with ERR_PLACARD_INVALID_ARGUMENT, a disposed handle ERR_PLACARD_DISPOSED.
class Arguments {
 public:
  Arguments(const Napi::CallbackInfo& info, const char* operation);

  Napi::Env env() const { return env_; }
  const Context& context() const { return context_; }

  bool Has(const char* name) const;
  double Number(const char* name, double least, double most) const;
  int Integer(const char* name, int least, int most) const;
  int IntegerOr(const char* name, int least, int most, int otherwise) const;
  bool Boolean(const char* name) const;
  std::string String(const char* name) const;
  // The place in `choices` of a string; 0, the default, where there is none.
  int Choice(const char* name, std::initializer_list<const char*> choices) const;
  Image GetImage(const char* name) const;
  std::vector<Image> Images(const char* name) const;
  Tensor GetTensor(const char* name) const;
  std::vector<Tensor> Tensors(const char* name) const;
  std::shared_ptr<Network> GetNetwork(const char* name) const;
  // Null where there is none.
  std::shared_ptr<const Lexicon> GetLexicon(const char* name) const;
  std::shared_ptr<const CharacterModel> GetCharacterModel(const char* name) const;
  // Copies of typed arrays.
  std::vector<float> Floats(const char* name) const;
  std::vector<int32_t> Integers(const char* name) const;
  std::vector<uint8_t> Bytes(const char* name) const;
  // Finite points, four to a quad.
  std::vector<Quad> Quads(const char* name) const;
  Normalization GetNormalization() const;  // scale, offset: 3 floats each, or 1 for luma; reverseChannels
  BorderRule GetBorder() const;            // border: 'replicate' | 'constant' | 'reflect'; borderValue: 3 bytes
  Point Pair(const char* name, double least, double most) const;  // an array of two numbers
  // An object inside the struct; `operation` is what errors call it.
  Arguments Struct(const char* name, const char* operation) const;
  Napi::Value Get(const char* name) const;
  [[noreturn]] void Expected(const std::string& what, const char* name) const;

 private:
  Arguments(Napi::Env env, const char* operation, Napi::Object object, Context context);
  template <typename Value>
  std::shared_ptr<const Value> Constant(const char* name, const char* what) const;
  template <typename Handle, typename Value>
  std::vector<Value> Each(const char* name, const Napi::FunctionReference& type, const char* what, const char* disposed) const;

  Napi::Env env_;
  const char* operation_;
  Napi::Object object_;
  Context context_;
};

// A new array of zeros. Throws ERR_PLACARD_OUT_OF_MEMORY.
Napi::Uint8Array NewBytes(Napi::Env env, size_t size);
// New typed arrays from vectors.
Napi::Value ToArray(Napi::Env env, const std::vector<float>& values);
Napi::Value ToArray(Napi::Env env, const std::vector<int32_t>& values);

}  // namespace placard

#endif  // PLACARD_ADDON_ARGUMENTS_H_
