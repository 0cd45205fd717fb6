#ifndef PLACARD_ADDON_HANDLES_H_
#define PLACARD_ADDON_HANDLES_H_

#include <napi.h>

#include <memory>
#include <optional>

#include "base/cancel.h"
#include "base/thread_pool.h"
#include "base/work_clock.h"
#include "device/tensor.h"
#include "runtime/network.h"
#include "sequence/character_model.h"
#include "sequence/lexicon.h"

namespace placard {

// What JavaScript holds of native things. Operations copy the shared value when they start, so dispose() and garbage
// collection are safe at any time; dispose() is idempotent. Each class marks its objects with its `kTag`: a prototype proves
// nothing, scripts can give any object any.

class ImageHandle : public Napi::ObjectWrap<ImageHandle> {
 public:
  static void Init(Napi::Env env, Napi::Object exports);
  static Napi::Object New(Napi::Env env, Image image);
  static const napi_type_tag kTag;
  explicit ImageHandle(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv env) override;

  const std::optional<Image>& value() const { return value_; }

 private:
  Napi::Value Width(const Napi::CallbackInfo& info);
  Napi::Value Height(const Napi::CallbackInfo& info);
  Napi::Value Disposed(const Napi::CallbackInfo& info);
  void Dispose(const Napi::CallbackInfo& info);
  int64_t Release();

  std::optional<Image> value_;
  int width_ = 0;
  int height_ = 0;
};

class TensorHandle : public Napi::ObjectWrap<TensorHandle> {
 public:
  static void Init(Napi::Env env, Napi::Object exports);
  static Napi::Object New(Napi::Env env, Tensor tensor);
  static const napi_type_tag kTag;
  explicit TensorHandle(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv env) override;

  const std::optional<Tensor>& value() const { return value_; }

 private:
  Napi::Value Shape(const Napi::CallbackInfo& info);
  Napi::Value ToFloat32Array(const Napi::CallbackInfo& info);
  void Dispose(const Napi::CallbackInfo& info);
  int64_t Release();

  std::optional<Tensor> value_;
};

class NetworkHandle : public Napi::ObjectWrap<NetworkHandle> {
 public:
  static void Init(Napi::Env env, Napi::Object exports);
  static Napi::Object New(Napi::Env env, std::shared_ptr<Network> network);
  static const napi_type_tag kTag;
  explicit NetworkHandle(const Napi::CallbackInfo& info);

  const std::shared_ptr<Network>& value() const { return value_; }

 private:
  Napi::Value Describe(const Napi::CallbackInfo& info);
  Napi::Value Columns(const Napi::CallbackInfo& info);
  void Dispose(const Napi::CallbackInfo& info);

  std::shared_ptr<Network> value_;
};

// Something immutable that scripts make by an operation and only pass on.
template <typename Value>
class ConstantHandle : public Napi::ObjectWrap<ConstantHandle<Value>> {
 public:
  static void Init(Napi::Env env, Napi::Object exports, const char* name);
  static Napi::Object New(Napi::Env env, std::shared_ptr<const Value> value);
  static Napi::FunctionReference& Class(Napi::Env env);
  static const napi_type_tag kTag;
  explicit ConstantHandle(const Napi::CallbackInfo& info);

  const std::shared_ptr<const Value>& value() const { return value_; }

 private:
  std::shared_ptr<const Value> value_;
};

template <>
const napi_type_tag ConstantHandle<Lexicon>::kTag;
template <>
const napi_type_tag ConstantHandle<CharacterModel>::kTag;

// new Lane(threads): an engine's share of the pool, and its clock.
class LaneHandle : public Napi::ObjectWrap<LaneHandle> {
 public:
  static void Init(Napi::Env env, Napi::Object exports);
  static const napi_type_tag kTag;
  explicit LaneHandle(const Napi::CallbackInfo& info);

  const std::shared_ptr<Lane>& lane() const { return lane_; }
  const std::shared_ptr<WorkClock>& clock() const { return clock_; }

 private:
  Napi::Value CpuMilliseconds(const Napi::CallbackInfo& info);

  std::shared_ptr<Lane> lane_;
  std::shared_ptr<WorkClock> clock_;
};

// new CancelToken(): cancel() stops the operations that were given it.
class CancelHandle : public Napi::ObjectWrap<CancelHandle> {
 public:
  static void Init(Napi::Env env, Napi::Object exports);
  static const napi_type_tag kTag;
  explicit CancelHandle(const Napi::CallbackInfo& info);

  const std::shared_ptr<CancelToken>& value() const { return value_; }

 private:
  void Cancel(const Napi::CallbackInfo& info);

  std::shared_ptr<CancelToken> value_;
};

}  // namespace placard

#endif  // PLACARD_ADDON_HANDLES_H_
