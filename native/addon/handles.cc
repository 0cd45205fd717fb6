#include "addon/handles.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "addon/environment.h"
#include "addon/job.h"

namespace placard {
namespace {

// Napi::External carries the value into the constructor; scripts cannot make one.
template <typename T>
Napi::Object Construct(Napi::Env env, const Napi::FunctionReference& constructor, T value) {
  return constructor.New({Napi::External<T>::New(env, &value)});
}

template <typename T>
T Receive(const Napi::CallbackInfo& info, const char* name) {
  if (info.Length() != 1 || !info[0].IsExternal()) {
    throw Napi::TypeError::New(info.Env(), std::string(name) + " cannot be constructed by scripts");
  }
  return std::move(*info[0].As<Napi::External<T>>().Data());
}

// The reference goes with its environment; deleting it from the instance data's finalizer would be too late.
void Keep(const Napi::Function& constructor, Napi::FunctionReference* reference) {
  *reference = Napi::Persistent(constructor);
  reference->SuppressDestruct();
}

Napi::Array ToArray(Napi::Env env, const std::vector<int64_t>& shape) {
  Napi::Array array = Napi::Array::New(env, shape.size());
  for (uint32_t i = 0; i < shape.size(); ++i) array[i] = Napi::Number::New(env, static_cast<double>(shape[i]));
  return array;
}

void Mark(const Napi::CallbackInfo& info, const napi_type_tag& tag) { info.This().As<Napi::Object>().TypeTag(&tag); }

}  // namespace

// Random, as Node-API asks.
const napi_type_tag ImageHandle::kTag = {0xf2a74de452e6b438, 0x6513270e269e0d37};
const napi_type_tag TensorHandle::kTag = {0x0c5c7fd0a6a3a450, 0xd23f0824128b2f33};
const napi_type_tag NetworkHandle::kTag = {0x1818e811892f902b, 0x9531985d5d9dc9f8};
const napi_type_tag LaneHandle::kTag = {0xe8e25d940ed90475, 0x36f675cc81e74ef5};
const napi_type_tag CancelHandle::kTag = {0x1600a35a099950d8, 0x6b0d549b6f03675a};
template <>
const napi_type_tag ConstantHandle<Lexicon>::kTag = {0xfd2ca39aaba6ce57, 0x7a41a03475385e3d};
template <>
const napi_type_tag ConstantHandle<CharacterModel>::kTag = {0x280e0b96a1bfb0e9, 0x3ebe7abdfb115432};

void ImageHandle::Init(Napi::Env env, Napi::Object exports) {
  const Napi::Function constructor = DefineClass(
      env, "Image",
      {InstanceAccessor<&ImageHandle::Width>("width"), InstanceAccessor<&ImageHandle::Height>("height"),
       InstanceAccessor<&ImageHandle::Disposed>("disposed"), InstanceMethod<&ImageHandle::Dispose>("dispose")});
  Keep(constructor, &Environment::Of(env)->image_class);
  exports.Set("Image", constructor);
}

Napi::Object ImageHandle::New(Napi::Env env, Image image) {
  return Construct(env, Environment::Of(env)->image_class, std::move(image));
}

ImageHandle::ImageHandle(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<ImageHandle>(info), value_(Receive<Image>(info, "Image")) {
  Mark(info, kTag);
  width_ = value_->view.width;
  height_ = value_->view.height;
  Napi::MemoryManagement::AdjustExternalMemory(info.Env(), value_->view.stride * height_);
}

int64_t ImageHandle::Release() {
  if (!value_) return 0;
  const int64_t bytes = value_->view.stride * height_;
  value_.reset();
  return bytes;
}

void ImageHandle::Finalize(Napi::BasicEnv env) { Napi::MemoryManagement::AdjustExternalMemory(env, -Release()); }
void ImageHandle::Dispose(const Napi::CallbackInfo& info) {
  Napi::MemoryManagement::AdjustExternalMemory(info.Env(), -Release());
}
Napi::Value ImageHandle::Width(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), width_); }
Napi::Value ImageHandle::Height(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), height_); }
Napi::Value ImageHandle::Disposed(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), !value_.has_value());
}

void TensorHandle::Init(Napi::Env env, Napi::Object exports) {
  const Napi::Function constructor =
      DefineClass(env, "Tensor",
                  {InstanceAccessor<&TensorHandle::Shape>("shape"),
                   InstanceMethod<&TensorHandle::ToFloat32Array>("toFloat32Array"),
                   InstanceMethod<&TensorHandle::Dispose>("dispose")});
  Keep(constructor, &Environment::Of(env)->tensor_class);
  exports.Set("Tensor", constructor);
}

Napi::Object TensorHandle::New(Napi::Env env, Tensor tensor) {
  return Construct(env, Environment::Of(env)->tensor_class, std::move(tensor));
}

TensorHandle::TensorHandle(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<TensorHandle>(info), value_(Receive<Tensor>(info, "Tensor")) {
  Mark(info, kTag);
  Napi::MemoryManagement::AdjustExternalMemory(info.Env(), value_->size() * static_cast<int64_t>(sizeof(float)));
}

int64_t TensorHandle::Release() {
  if (!value_) return 0;
  const int64_t bytes = value_->size() * static_cast<int64_t>(sizeof(float));
  value_.reset();
  return bytes;
}

void TensorHandle::Finalize(Napi::BasicEnv env) { Napi::MemoryManagement::AdjustExternalMemory(env, -Release()); }
void TensorHandle::Dispose(const Napi::CallbackInfo& info) {
  Napi::MemoryManagement::AdjustExternalMemory(info.Env(), -Release());
}

Napi::Value TensorHandle::Shape(const Napi::CallbackInfo& info) {
  if (!value_) throw ToError(info.Env(), {Code::kDisposed, "The tensor is disposed."});
  return ToArray(info.Env(), value_->shape);
}

Napi::Value TensorHandle::ToFloat32Array(const Napi::CallbackInfo& info) {
  if (!value_) throw ToError(info.Env(), {Code::kDisposed, "The tensor is disposed."});
  Napi::Float32Array copy = Napi::Float32Array::New(info.Env(), static_cast<size_t>(value_->size()));
  std::memcpy(copy.Data(), value_->data, copy.ByteLength());
  return copy;
}

void NetworkHandle::Init(Napi::Env env, Napi::Object exports) {
  const Napi::Function constructor = DefineClass(
      env, "Network",
      {InstanceMethod<&NetworkHandle::Describe>("describe"), InstanceMethod<&NetworkHandle::Columns>("columns"),
       InstanceMethod<&NetworkHandle::Dispose>("dispose")});
  Keep(constructor, &Environment::Of(env)->network_class);
  exports.Set("Network", constructor);
}

Napi::Object NetworkHandle::New(Napi::Env env, std::shared_ptr<Network> network) {
  return Construct(env, Environment::Of(env)->network_class, std::move(network));
}

NetworkHandle::NetworkHandle(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<NetworkHandle>(info), value_(Receive<std::shared_ptr<Network>>(info, "Network")) {
  Mark(info, kTag);
}

void NetworkHandle::Dispose(const Napi::CallbackInfo&) { value_.reset(); }

Napi::Value NetworkHandle::Describe(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!value_) throw ToError(env, {Code::kDisposed, "The network is disposed."});
  const auto list = [&](const std::vector<ValueDescription>& values) {
    Napi::Array array = Napi::Array::New(env, values.size());
    for (uint32_t i = 0; i < values.size(); ++i) {
      Napi::Object value = Napi::Object::New(env);
      value["name"] = Napi::String::New(env, values[i].name);
      value["type"] = Napi::String::New(env, values[i].type);
      value["shape"] = ToArray(env, values[i].shape);
      array[i] = value;
    }
    return array;
  };
  const std::vector<std::vector<int64_t>> fixed = value_->fixed_shapes();
  Napi::Array shapes = Napi::Array::New(env, fixed.size());
  for (uint32_t i = 0; i < fixed.size(); ++i) shapes[i] = ToArray(env, fixed[i]);
  Napi::Object metadata = Napi::Object::New(env);
  for (const auto& [key, text] : value_->metadata()) metadata.Set(key, text);
  Napi::Object description = Napi::Object::New(env);
  description["inputs"] = list(value_->inputs());
  description["outputs"] = list(value_->outputs());
  description["metadata"] = metadata;
  description["fixedShapes"] = shapes;
  return description;
}

Napi::Value NetworkHandle::Columns(const Napi::CallbackInfo& info) {
  if (!value_) throw ToError(info.Env(), {Code::kDisposed, "The network is disposed."});
  const int width = info[0].IsNumber() ? info[0].As<Napi::Number>().Int32Value() : 1;
  return Napi::Number::New(info.Env(), value_->Columns(std::max(1, width)));
}

template <>
Napi::FunctionReference& ConstantHandle<Lexicon>::Class(Napi::Env env) {
  return Environment::Of(env)->lexicon_class;
}

template <>
Napi::FunctionReference& ConstantHandle<CharacterModel>::Class(Napi::Env env) {
  return Environment::Of(env)->character_model_class;
}

template <typename Value>
void ConstantHandle<Value>::Init(Napi::Env env, Napi::Object exports, const char* name) {
  const Napi::Function constructor = ConstantHandle::DefineClass(env, name, {});
  Keep(constructor, &Class(env));
  exports.Set(name, constructor);
}

template <typename Value>
Napi::Object ConstantHandle<Value>::New(Napi::Env env, std::shared_ptr<const Value> value) {
  return Construct(env, Class(env), std::move(value));
}

template <typename Value>
ConstantHandle<Value>::ConstantHandle(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<ConstantHandle>(info), value_(Receive<std::shared_ptr<const Value>>(info, "A handle")) {
  Mark(info, kTag);
}

template class ConstantHandle<Lexicon>;
template class ConstantHandle<CharacterModel>;

void LaneHandle::Init(Napi::Env env, Napi::Object exports) {
  const Napi::Function constructor =
      DefineClass(env, "Lane", {InstanceMethod<&LaneHandle::CpuMilliseconds>("cpuMilliseconds")});
  Keep(constructor, &Environment::Of(env)->lane_class);
  exports.Set("Lane", constructor);
}

LaneHandle::LaneHandle(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<LaneHandle>(info), clock_(std::make_shared<WorkClock>()) {
  Mark(info, kTag);
  const double threads = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : 0;
  if (!(threads >= 1 && threads <= 1024)) {
    throw ToError(info.Env(), {Code::kInvalidArgument, "Expected 1 ... 1024 threads for a lane."});
  }
  lane_ = std::make_shared<Lane>(static_cast<int>(threads));
}

Napi::Value LaneHandle::CpuMilliseconds(const Napi::CallbackInfo& info) {
  const auto milliseconds = [&](Work work) {
    return Napi::Number::New(info.Env(),
                             static_cast<double>(clock_->nanoseconds[static_cast<size_t>(work)].load()) / 1e6);
  };
  Napi::Object result = Napi::Object::New(info.Env());
  result["kernels"] = milliseconds(Work::kKernels);
  result["networks"] = milliseconds(Work::kNetworks);
  result["shapes"] = milliseconds(Work::kShapes);
  result["sequence"] = milliseconds(Work::kSequence);
  return result;
}

void CancelHandle::Init(Napi::Env env, Napi::Object exports) {
  const Napi::Function constructor =
      DefineClass(env, "CancelToken", {InstanceMethod<&CancelHandle::Cancel>("cancel")});
  Keep(constructor, &Environment::Of(env)->cancel_class);
  exports.Set("CancelToken", constructor);
}

CancelHandle::CancelHandle(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<CancelHandle>(info), value_(std::make_shared<CancelToken>()) {
  Mark(info, kTag);
}

void CancelHandle::Cancel(const Napi::CallbackInfo&) { value_->Cancel(); }

}  // namespace placard
