#include <algorithm>
#include <memory>
#include <utility>

#include "addon/arguments.h"
#include "addon/handles.h"
#include "addon/job.h"
#include "addon/operations.h"
#include "kernels/resize_normalize.h"
#include "shapes/db_boxes.h"

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

Napi::Value ToObject(Napi::Env env, const std::vector<DbBox>& boxes) {
  std::vector<float> quads, scores, points;
  std::vector<int32_t> counts;
  const auto append = [](std::vector<float>* to, const Point& point) {
    to->push_back(static_cast<float>(point.x));
    to->push_back(static_cast<float>(point.y));
  };
  for (const DbBox& box : boxes) {
    for (const Point& point : box.quad) append(&quads, point);
    for (const Point& point : box.polygon) append(&points, point);
    scores.push_back(box.score);
    counts.push_back(static_cast<int32_t>(box.polygon.size()));
  }
  Napi::Object result = Napi::Object::New(env);
  result["quads"] = ToArray(env, quads);
  result["scores"] = ToArray(env, scores);
  result["polygonCounts"] = ToArray(env, counts);
  result["polygonPoints"] = ToArray(env, points);
  return result;
}

struct MapPart {
  MapView map;  // with the part's size
  int left, top;
};

std::vector<MapPart> GetMapParts(const Arguments& arguments, const std::vector<Tensor>& maps, int width, int height) {
  const std::vector<int32_t> values = arguments.Integers("parts");
  if (values.size() != maps.size() * 6) arguments.Expected("6 integers a map", "parts");
  std::vector<MapPart> parts;
  for (size_t i = 0; i < maps.size(); ++i) {
    const std::vector<int64_t>& shape = maps[i].shape;
    const int32_t* v = &values[6 * i];
    const auto fits = [](int start, int extent, int64_t limit) { return start >= 0 && extent >= 1 && extent <= limit - start; };
    const bool inside = shape.size() == 4 && shape[0] == 1 && shape[1] == 1 && fits(v[0], v[2], shape[3]) &&
                        fits(v[1], v[3], shape[2]) && fits(v[4], v[2], width) && fits(v[5], v[3], height);
    if (!inside) arguments.Expected("parts inside both maps", "parts");
    parts.push_back({{maps[i].data + v[1] * shape[3] + v[0], v[2], v[3], static_cast<ptrdiff_t>(shape[3])}, v[4], v[5]});
  }
  return parts;
}

// joinMaps({maps: Tensor[] [1, 1, H, W], parts: Int32Array(6n) left, top, width, height in the map, left, top in the joint
// one; width, height}) -> Tensor [1, 1, height, width], zero where no part lies.
Napi::Value JoinMaps(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "joinMaps");
  const std::vector<Tensor> maps = arguments.Tensors("maps");
  const int width = arguments.Integer("width", 1, 1 << 16), height = arguments.Integer("height", 1, 1 << 16);
  const std::vector<MapPart> parts = GetMapParts(arguments, maps, width, height);
  auto joint = std::make_shared<Tensor>();
  Operation operation;
  // `maps` owns what the parts point to.
  operation.task = [joint, maps, parts, width, height, clock = arguments.context().clock](int) -> Status {
    const WorkTimer timer(clock.get(), Work::kShapes);
    *joint = AllocateTensor({1, 1, height, width});
    if (joint->data == nullptr) return {Code::kOutOfMemory, "No memory for a text map."};
    std::fill_n(joint->data, joint->size(), 0.0F);
    for (const auto& [map, left, top] : parts) {
      for (int y = 0; y < map.height; ++y) {
        std::copy_n(map.data + y * map.stride, map.width, joint->data + static_cast<ptrdiff_t>(top + y) * width + left);
      }
    }
    return {};
  };
  operation.result = [joint](Napi::Env env) -> Napi::Value { return TensorHandle::New(env, std::move(*joint)); };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

// textBoxes({map: Tensor [1, 1, H, W], width, height, mapThreshold, boxThreshold, minSide, maxCandidates}) -> {quads,
// scores, polygonCounts, polygonPoints} in map pixels, from the width x height pixels at the top left.
Napi::Value TextBoxes(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "textBoxes");
  const Tensor map = arguments.GetTensor("map");
  if (map.shape.size() != 4 || map.shape[0] != 1 || map.shape[1] != 1) {
    throw ToError(info.Env(), {Code::kModelMismatch, "Expected a text map of shape [1, 1, height, width]."});
  }
  const int width = arguments.Integer("width", 1, static_cast<int>(map.shape[3]));
  const int height = arguments.Integer("height", 1, static_cast<int>(map.shape[2]));
  DbOptions options;
  options.map_threshold = static_cast<float>(arguments.Number("mapThreshold", 0, 1));
  options.box_threshold = static_cast<float>(arguments.Number("boxThreshold", 0, 1));
  options.min_side = arguments.Number("minSide", 0, 1e6);
  options.max_candidates = arguments.Integer("maxCandidates", 1, 1000000);
  auto boxes = std::make_shared<std::vector<DbBox>>();
  Operation operation;
  operation.task = [=, clock = arguments.context().clock, cancel = arguments.context().cancel](int) -> Status {
    const WorkTimer timer(clock.get(), Work::kShapes);
    Result<std::vector<DbBox>> found =
        DbBoxes({map.data, width, height, static_cast<ptrdiff_t>(map.shape[3])}, options, cancel.get());
    if (!found.ok()) return found.status();
    *boxes = std::move(*found);
    return {};
  };
  operation.result = [boxes](Napi::Env env) -> Napi::Value { return ToObject(env, *boxes); };
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
  exports.Set("joinMaps", Napi::Function::New<JoinMaps>(env, "joinMaps"));
  exports.Set("textBoxes", Napi::Function::New<TextBoxes>(env, "textBoxes"));
  exports.Set("runtimeLibrary", Napi::Function::New<OpenedLibrary>(env, "runtimeLibrary"));
}

}  // namespace placard
