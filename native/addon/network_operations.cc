#include <algorithm>
#include <memory>
#include <utility>

#include "addon/arguments.h"
#include "addon/handles.h"
#include "addon/job.h"
#include "addon/operations.h"
#include "kernels/resize_normalize.h"

namespace placard {
namespace {

ProviderOptions ReadProvider(const Arguments& arguments) {
  ProviderOptions provider;
  if (arguments.Has("provider")) provider.name = arguments.String("provider");
  if (arguments.Has("providerLibrary")) provider.library = arguments.String("providerLibrary");
  if (arguments.Choice("precision", {"f32", "bf16"}) == 1) provider.precision = Precision::kBf16;
  return provider;
}

// openNetwork({runtime, weights, threads, runs?, shapeBytes?, provider?, providerLibrary?, precision?}) -> Network.
Napi::Value OpenNetwork(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "network");
  NetworkOptions options;
  options.runtime = arguments.String("runtime");
  options.weights = arguments.String("weights");
  options.threads = arguments.Integer("threads", 1, 1024);
  options.runs = arguments.IntegerOr("runs", 1, 1024, 1);
  if (arguments.Has("shapeBytes")) options.shape_bytes = static_cast<int64_t>(arguments.Number("shapeBytes", 0, 1e12));
  options.provider = ReadProvider(arguments);
  auto network = std::make_shared<std::shared_ptr<Network>>();
  Operation operation;
  operation.task = [=](int) -> Status {
    Result<std::shared_ptr<Network>> opened = Network::Open(options);
    if (!opened.ok()) return opened.status();
    *network = std::move(*opened);
    return {};
  };
  operation.result = [network](Napi::Env env) -> Napi::Value { return NetworkHandle::New(env, std::move(*network)); };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

// What is right of a picture and below it: 0 after normalization, or before it (`fill` 'black').
void FillPlanes(const Normalization& normalization, bool black, Tensor* tensor) {
  const int64_t plane = tensor->shape[2] * tensor->shape[3];
  for (int c = 0; c < normalization.planes(); ++c) {
    std::fill_n(tensor->data + c * plane, plane, black ? normalization.offset[c] : 0.0F);
  }
}

// imageTensor({image, width, height, tensorWidth?, tensorHeight?, fill?, scale, offset, reverseChannels}) -> Tensor 1 x 3 (1 of
// luma) x tensorHeight x tensorWidth: the picture scaled to width x height at the top left, elsewhere what `fill` says.
Napi::Value ImageTensor(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "tensor");
  const Image image = arguments.GetImage("image");
  const int width = arguments.Integer("width", 1, 1 << 16), height = arguments.Integer("height", 1, 1 << 16);
  const int tensor_width = arguments.IntegerOr("tensorWidth", width, 1 << 16, width);
  const int tensor_height = arguments.IntegerOr("tensorHeight", height, 1 << 16, height);
  const bool black = arguments.Choice("fill", {"zeros", "black"}) == 1;
  const Normalization normalization = arguments.GetNormalization();
  auto tensor = std::make_shared<Tensor>();
  Operation operation;
  operation.task = [=, clock = arguments.context().clock](int) -> Status {
    const WorkTimer timer(clock.get(), Work::kKernels);
    *tensor = AllocateTensor({1, normalization.planes(), tensor_height, tensor_width});
    if (tensor->data == nullptr) return {Code::kOutOfMemory, "No memory for a network's input."};
    if (width != tensor_width || height != tensor_height) FillPlanes(normalization, black, tensor.get());
    ResizeNormalize(image.view, normalization,
                    {tensor->data, width, height, tensor_width, static_cast<ptrdiff_t>(tensor_width) * tensor_height});
    return {};
  };
  operation.result = [tensor](Napi::Env env) -> Napi::Value { return TensorHandle::New(env, std::move(*tensor)); };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

// runNetwork({network, input: Tensor}) -> Tensor[], one an output.
Napi::Value RunNetwork(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "run");
  const std::shared_ptr<Network> network = arguments.GetNetwork("network");
  const Tensor input = arguments.GetTensor("input");
  auto outputs = std::make_shared<std::vector<Tensor>>();
  Operation operation;
  operation.task = [=, clock = arguments.context().clock, cancel = arguments.context().cancel](int) -> Status {
    const WorkTimer timer(clock.get(), Work::kNetworks);
    Result<std::vector<Tensor>> result = network->Run(input, cancel.get());
    if (!result.ok()) return result.status();
    *outputs = std::move(*result);
    return {};
  };
  operation.result = [outputs](Napi::Env env) -> Napi::Value {
    Napi::Array array = Napi::Array::New(env, outputs->size());
    for (uint32_t i = 0; i < outputs->size(); ++i) array[i] = TensorHandle::New(env, std::move((*outputs)[i]));
    return array;
  };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

// runtimeLibrary() -> {path, version} of the library that this process has opened, or undefined.
Napi::Value OpenedLibrary(const Napi::CallbackInfo& info) {
  const std::optional<RuntimeLibrary> runtime = OpenedRuntimeLibrary();
  if (!runtime) return info.Env().Undefined();
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("path", runtime->path);
  result.Set("version", runtime->version);
  return result;
}

}  // namespace

void InitNetworkOperations(Napi::Env env, Napi::Object exports) {
  exports.Set("openNetwork", Napi::Function::New<OpenNetwork>(env, "openNetwork"));
  exports.Set("imageTensor", Napi::Function::New<ImageTensor>(env, "imageTensor"));
  exports.Set("runNetwork", Napi::Function::New<RunNetwork>(env, "runNetwork"));
  exports.Set("runtimeLibrary", Napi::Function::New<OpenedLibrary>(env, "runtimeLibrary"));
}

}  // namespace placard
