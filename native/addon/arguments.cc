#include "addon/arguments.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <utility>

#include "addon/environment.h"
#include "addon/handles.h"

namespace placard {
namespace {

// Null for anything but a handle that this instance of the addon made: another build's may be laid out otherwise.
template <typename Handle>
Handle* Unwrap(Napi::Value value, const Napi::FunctionReference& constructor) {
  if (!value.IsObject()) return nullptr;
  const Napi::Object object = value.As<Napi::Object>();
  if (!object.CheckTypeTag(&Handle::kTag) || !object.InstanceOf(constructor.Value())) return nullptr;
  return Handle::Unwrap(object);
}

// What a value is, in words; runs no code of the value's own.
std::string Describe(Napi::Env env, const Napi::Value& value) {
  switch (value.Type()) {
    case napi_undefined: return "undefined";
    case napi_null: return "null";
    case napi_boolean:
    case napi_number: return value.ToString().Utf8Value();
    case napi_string: {
      const std::u16string text = value.As<Napi::String>().Utf16Value().substr(0, 60);
      return '"' + Napi::String::New(env, text).Utf8Value() + '"';
    }
    case napi_symbol: return "a symbol";
    case napi_function: return "a function";
    case napi_bigint: return "a bigint";
    default: return value.IsArray() ? "an array" : "an object";
  }
}

std::string Range(double least, double most) {
  char text[64];
  std::snprintf(text, sizeof(text), "[%.10g, %.10g]", least, most);
  return text;
}

template <typename T, typename Array>
std::vector<T> Copy(const Napi::Value& value, napi_typedarray_type type, bool* ok) {
  *ok = value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == type;
  if (!*ok) return {};
  const Array array = value.As<Array>();
  return std::vector<T>(array.Data(), array.Data() + array.ElementLength());
}

template <typename T, typename Array>
Napi::Value FromVector(Napi::Env env, const std::vector<T>& values) {
  Array array = Array::New(env, values.size());
  if (!values.empty()) std::memcpy(array.Data(), values.data(), values.size() * sizeof(T));
  return array;
}

}  // namespace

Arguments::Arguments(const Napi::CallbackInfo& info, const char* operation) : env_(info.Env()), operation_(operation) {
  if (!info[0].IsObject() || !info[1].IsObject()) Expected("a context and a struct of arguments", "call");
  const Napi::Object context = info[0].As<Napi::Object>();
  LaneHandle* lane = Unwrap<LaneHandle>(context.Get("lane"), Environment::Of(env_)->lane_class);
  CancelHandle* cancel = Unwrap<CancelHandle>(context.Get("cancel"), Environment::Of(env_)->cancel_class);
  if (lane == nullptr || cancel == nullptr) Expected("a context with a Lane and a CancelToken", "call");
  const Napi::Value priority = context.Get("priority");
  context_ = {lane->lane(), lane->clock(), cancel->value(),
              priority.IsNumber() ? priority.As<Napi::Number>().Int32Value() : 0};
  object_ = info[1].As<Napi::Object>();
}

Arguments::Arguments(Napi::Env env, const char* operation, Napi::Object object, Context context)
    : env_(env), operation_(operation), object_(object), context_(std::move(context)) {}

Napi::Value Arguments::Get(const char* name) const { return object_.Get(name); }
bool Arguments::Has(const char* name) const { return !Get(name).IsUndefined(); }

void Arguments::Expected(const std::string& what, const char* name) const {
  const std::string received = object_.IsEmpty() ? "something else" : Describe(env_, Get(name));
  throw ToError(env_, {Code::kInvalidArgument, "Expected " + what + " for " + operation_ + "." + name +
                                                   " but received " + received + "."});
}

double Arguments::Number(const char* name, double least, double most) const {
  const Napi::Value value = Get(name);
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
  if (!(number >= least && number <= most)) {
    Expected("a number in " + Range(least, most), name);
  }
  return number;
}

int Arguments::Integer(const char* name, int least, int most) const {
  const Napi::Value value = Get(name);
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
  if (!(number >= least && number <= most) || number != std::floor(number)) {
    Expected("an integer in " + Range(least, most), name);
  }
  return static_cast<int>(number);
}

int Arguments::IntegerOr(const char* name, int least, int most, int otherwise) const {
  return Has(name) ? Integer(name, least, most) : otherwise;
}

bool Arguments::Boolean(const char* name) const {
  const Napi::Value value = Get(name);
  if (!value.IsBoolean() && !value.IsUndefined()) Expected("a boolean", name);
  return value.IsBoolean() && value.As<Napi::Boolean>().Value();
}

std::string Arguments::String(const char* name) const {
  const Napi::Value value = Get(name);
  if (!value.IsString()) Expected("a string", name);
  return value.As<Napi::String>().Utf8Value();
}

int Arguments::Choice(const char* name, std::initializer_list<const char*> choices) const {
  if (!Has(name)) return 0;
  const std::string value = String(name);
  const auto found = std::find(choices.begin(), choices.end(), value);
  if (found != choices.end()) return static_cast<int>(found - choices.begin());
  std::string known;
  for (const char* choice : choices) known += (known.empty() ? "'" : " or '") + std::string(choice) + "'";
  Expected(known, name);
}

Image Arguments::GetImage(const char* name) const {
  ImageHandle* handle = Unwrap<ImageHandle>(Get(name), Environment::Of(env_)->image_class);
  if (handle == nullptr) Expected("an Image", name);
  if (!handle->value()) throw ToError(env_, {Code::kDisposed, "The image is disposed."});
  return *handle->value();
}

std::vector<Image> Arguments::Images(const char* name) const {
  return Each<ImageHandle, Image>(name, Environment::Of(env_)->image_class, "an array of Images", "The image is disposed.");
}

Tensor Arguments::GetTensor(const char* name) const {
  TensorHandle* handle = Unwrap<TensorHandle>(Get(name), Environment::Of(env_)->tensor_class);
  if (handle == nullptr) Expected("a Tensor", name);
  if (!handle->value()) throw ToError(env_, {Code::kDisposed, "The tensor is disposed."});
  return *handle->value();
}

std::vector<Tensor> Arguments::Tensors(const char* name) const {
  return Each<TensorHandle, Tensor>(name, Environment::Of(env_)->tensor_class, "an array of Tensors",
                                    "The tensor is disposed.");
}

template <typename Handle, typename Value>
std::vector<Value> Arguments::Each(const char* name, const Napi::FunctionReference& type, const char* what,
                                   const char* disposed) const {
  const Napi::Value list = Get(name);
  if (!list.IsArray()) Expected(what, name);
  const Napi::Array array = list.As<Napi::Array>();
  std::vector<Value> values;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    Handle* handle = Unwrap<Handle>(array.Get(i), type);
    if (handle == nullptr) Expected(what, name);
    if (!handle->value()) throw ToError(env_, {Code::kDisposed, disposed});
    values.push_back(*handle->value());
  }
  return values;
}

std::shared_ptr<Network> Arguments::GetNetwork(const char* name) const {
  NetworkHandle* handle = Unwrap<NetworkHandle>(Get(name), Environment::Of(env_)->network_class);
  if (handle == nullptr) Expected("a Network", name);
  if (!handle->value()) throw ToError(env_, {Code::kDisposed, "The network is disposed."});
  return handle->value();
}

template <typename Value>
std::shared_ptr<const Value> Arguments::Constant(const char* name, const char* what) const {
  if (!Has(name)) return nullptr;
  ConstantHandle<Value>* handle = Unwrap<ConstantHandle<Value>>(Get(name), ConstantHandle<Value>::Class(env_));
  if (handle == nullptr) Expected(what, name);
  return handle->value();
}

std::shared_ptr<const Lexicon> Arguments::GetLexicon(const char* name) const {
  return Constant<Lexicon>(name, "a Lexicon");
}
std::shared_ptr<const CharacterModel> Arguments::GetCharacterModel(const char* name) const {
  return Constant<CharacterModel>(name, "a CharacterModel");
}

std::vector<float> Arguments::Floats(const char* name) const {
  bool ok = false;
  auto values = Copy<float, Napi::Float32Array>(Get(name), napi_float32_array, &ok);
  if (!ok) Expected("a Float32Array", name);
  return values;
}

std::vector<int32_t> Arguments::Integers(const char* name) const {
  bool ok = false;
  auto values = Copy<int32_t, Napi::Int32Array>(Get(name), napi_int32_array, &ok);
  if (!ok) Expected("an Int32Array", name);
  return values;
}

std::vector<uint8_t> Arguments::Bytes(const char* name) const {
  bool ok = false;
  auto values = Copy<uint8_t, Napi::Uint8Array>(Get(name), napi_uint8_array, &ok);
  if (!ok) Expected("a Uint8Array", name);
  return values;
}

std::vector<Quad> Arguments::Quads(const char* name) const {
  const std::vector<float> values = Floats(name);
  if (values.size() % 8 != 0) Expected("a multiple of 8 numbers", name);
  std::vector<Quad> quads(values.size() / 8);
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) Expected("finite coordinates", name);
    Point& point = quads[i / 8][i % 8 / 2];
    (i % 2 == 0 ? point.x : point.y) = values[i];
  }
  return quads;
}

Normalization Arguments::GetNormalization() const {
  const std::vector<float> scale = Floats("scale"), offset = Floats("offset");
  if (scale.size() != 1 && scale.size() != 3) Expected("1 or 3 numbers", "scale");
  if (offset.size() != scale.size()) Expected("as many numbers as scale", "offset");
  Normalization normalization;
  std::copy(scale.begin(), scale.end(), normalization.scale);
  std::copy(offset.begin(), offset.end(), normalization.offset);
  normalization.reverse_channels = Boolean("reverseChannels");
  normalization.luma = scale.size() == 1;
  return normalization;
}

BorderRule Arguments::GetBorder() const {
  BorderRule rule;
  if (!Has("border")) return rule;
  const std::string border = String("border");
  if (border == "constant") {
    rule.mode = Border::kConstant;
    if (Has("borderValue")) {
      const std::vector<uint8_t> value = Bytes("borderValue");
      if (value.size() != 3) Expected("3 bytes", "borderValue");
      std::copy_n(value.begin(), 3, rule.value);
    }
  } else if (border == "reflect") {
    rule.mode = Border::kReflect101;
  } else if (border != "replicate") {
    Expected("'replicate', 'constant' or 'reflect'", "border");
  }
  return rule;
}

Point Arguments::Pair(const char* name, double least, double most) const {
  const Napi::Value value = Get(name);
  double numbers[2] = {NAN, NAN};
  if (value.IsArray() && value.As<Napi::Array>().Length() == 2) {
    for (uint32_t i = 0; i < 2; ++i) {
      const Napi::Value number = value.As<Napi::Array>().Get(i);
      if (number.IsNumber()) numbers[i] = number.As<Napi::Number>().DoubleValue();
    }
  }
  for (const double number : numbers) {
    if (!(number >= least && number <= most)) Expected("two numbers in " + Range(least, most), name);
  }
  return {numbers[0], numbers[1]};
}

Arguments Arguments::Struct(const char* name, const char* operation) const {
  const Napi::Value value = Get(name);
  if (!value.IsObject()) Expected("a struct", name);
  return Arguments(env_, operation, value.As<Napi::Object>(), context_);
}

Napi::Uint8Array NewBytes(Napi::Env env, size_t size) {
  try {
    return Napi::Uint8Array::New(env, size);
  } catch (const Napi::Error&) {
    throw ToError(env, {Code::kOutOfMemory, "No memory for " + std::to_string(size) + " bytes."});
  }
}

Napi::Value ToArray(Napi::Env env, const std::vector<float>& values) {
  return FromVector<float, Napi::Float32Array>(env, values);
}
Napi::Value ToArray(Napi::Env env, const std::vector<int32_t>& values) {
  return FromVector<int32_t, Napi::Int32Array>(env, values);
}

}  // namespace placard
