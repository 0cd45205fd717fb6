#include <algorithm>
#include <memory>
#include <utility>

#include "addon/arguments.h"
#include "addon/handles.h"
#include "addon/job.h"
#include "addon/operations.h"
#include "kernels/gaussian_map.h"
#include "kernels/heat_map.h"
#include "shapes/craft_boxes.h"
#include "shapes/db_boxes.h"
#include "shapes/word_split.h"

namespace placard {
namespace {

// Of boxes that have a quad, a score and a polygon.
template <typename Box>
Napi::Value ToObject(Napi::Env env, const std::vector<Box>& boxes) {
  std::vector<float> quads, scores, points;
  std::vector<int32_t> counts;
  const auto append = [](std::vector<float>* to, const Point& point) {
    to->push_back(static_cast<float>(point.x));
    to->push_back(static_cast<float>(point.y));
  };
  for (const Box& box : boxes) {
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

// A channel of a tensor's maps: the width x height pixels at the top left, as the arguments `width` and `height` say.
MapView GetMap(const Arguments& arguments, const Tensor& maps, int channel) {
  const int64_t rows = maps.shape[2], columns = maps.shape[3];
  const int width = arguments.Integer("width", 1, static_cast<int>(columns));
  const int height = arguments.Integer("height", 1, static_cast<int>(rows));
  return {maps.data + channel * rows * columns, width, height, static_cast<ptrdiff_t>(columns)};
}

// An operation that gives the boxes which `find(cancel)` finds. `maps` owns what that reads.
template <typename Box, typename Find>
Napi::Value FindBoxes(const Arguments& arguments, const Tensor& maps, Find find) {
  auto boxes = std::make_shared<std::vector<Box>>();
  Operation operation;
  operation.task = [boxes, maps, find, clock = arguments.context().clock,
                    cancel = arguments.context().cancel](int) -> Status {
    const WorkTimer timer(clock.get(), Work::kShapes);
    Result<std::vector<Box>> found = find(cancel.get());
    if (!found.ok()) return found.status();
    *boxes = std::move(*found);
    return {};
  };
  operation.result = [boxes](Napi::Env env) -> Napi::Value { return ToObject(env, *boxes); };
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
  const MapView view = GetMap(arguments, map, 0);
  DbOptions options;
  options.map_threshold = static_cast<float>(arguments.Number("mapThreshold", 0, 1));
  options.box_threshold = static_cast<float>(arguments.Number("boxThreshold", 0, 1));
  options.min_side = arguments.Number("minSide", 0, 1e6);
  options.max_candidates = arguments.Integer("maxCandidates", 1, 1000000);
  return FindBoxes<DbBox>(arguments, map, [=](const CancelToken* cancel) { return DbBoxes(view, options, cancel); });
}

// craftBoxes({maps: Tensor [1, 2, H, W] region and affinity, width, height, textThreshold, lowText, linkThreshold,
// characters, polygons, publishedWalk?}) -> as textBoxes, but for coordinates: shapes/craft_boxes.h has their meaning.
Napi::Value CraftWords(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "craftBoxes");
  const Tensor maps = arguments.GetTensor("maps");
  if (maps.shape.size() != 4 || maps.shape[0] != 1 || maps.shape[1] != 2) {
    throw ToError(info.Env(), {Code::kModelMismatch, "Expected region and affinity maps of shape [1, 2, height, width]."});
  }
  const MapView region = GetMap(arguments, maps, 0), affinity = GetMap(arguments, maps, 1);
  CraftOptions options;
  options.text_threshold = static_cast<float>(arguments.Number("textThreshold", 0, 1));
  options.low_text = static_cast<float>(arguments.Number("lowText", 0, 1));
  options.link_threshold = static_cast<float>(arguments.Number("linkThreshold", 0, 1));
  options.characters = arguments.Boolean("characters");
  options.polygons = arguments.Boolean("polygons");
  options.published_walk = arguments.Boolean("publishedWalk");
  return FindBoxes<CraftBox>(arguments, maps, [=](const CancelToken* cancel) {
    return CraftBoxes(region, affinity, options, cancel);
  });
}

// heatMap({maps: Tensor [1, C, H, W], channel, width, height, outputWidth, outputHeight, picture?: Image}) -> Image: a
// channel's width x height pixels at the top left in color, over the picture if there is one.
Napi::Value HeatPicture(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "heatMap");
  const Tensor maps = arguments.GetTensor("maps");
  if (maps.shape.size() != 4 || maps.shape[0] != 1) {
    throw ToError(info.Env(), {Code::kModelMismatch, "Expected maps of shape [1, channels, height, width]."});
  }
  const MapView map = GetMap(arguments, maps, arguments.Integer("channel", 0, static_cast<int>(maps.shape[1]) - 1));
  const int width = arguments.Integer("outputWidth", 1, 1 << 16), height = arguments.Integer("outputHeight", 1, 1 << 16);
  const Image picture = arguments.Has("picture") ? arguments.GetImage("picture") : Image();
  if (arguments.Has("picture") && (picture.view.width != width || picture.view.height != height)) {
    arguments.Expected("a picture of outputWidth x outputHeight", "picture");
  }
  auto drawn = std::make_shared<Image>();
  Operation operation;
  operation.task = [drawn, maps, map, picture, width, height, clock = arguments.context().clock](int) -> Status {
    const WorkTimer timer(clock.get(), Work::kKernels);
    *drawn = AllocateImage(width, height, 3);
    if (drawn->view.data == nullptr) return {Code::kOutOfMemory, "No memory for a picture of a map."};
    HeatMap(map, picture.view, drawn->view);
    return {};
  };
  operation.result = [drawn](Napi::Env env) -> Napi::Value { return ImageHandle::New(env, std::move(*drawn)); };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

// gaussianMap({quads: Float32Array(8n), width, height, preset, kind}) -> Uint8Array(width x height): kernels/gaussian_map.h.
Napi::Value DrawGaussians(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "gaussianMap");
  const std::vector<Quad> quads = arguments.Quads("quads");
  const int width = arguments.Integer("width", 1, 1 << 14), height = arguments.Integer("height", 1, 1 << 14);
  const auto preset =
      static_cast<GaussianPreset>(arguments.Choice("preset", {"paper", "brooklyn", "backtime", "backtime-craft"}));
  const auto kind = static_cast<GaussianKind>(arguments.Choice("kind", {"region", "affinity"}));
  Napi::Uint8Array levels = NewBytes(arguments.env(), static_cast<size_t>(width) * height);
  const MutableImageView map{levels.Data(), width, height, 1, width};
  const auto kept = std::make_shared<Napi::ObjectReference>(Napi::Persistent(levels.As<Napi::Object>()));
  Operation operation;
  operation.task = [=, clock = arguments.context().clock](int) -> Status {
    const WorkTimer timer(clock.get(), Work::kKernels);
    GaussianMap(quads, preset, kind, map);
    return {};
  };
  operation.result = [kept](Napi::Env) -> Napi::Value { return kept->Value(); };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

// splitWord({maps: Tensor [1, C, H, W], width, height, preset}) -> Float32Array of 8 a character: shapes/word_split.h.
Napi::Value SplitWordMap(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "splitWord");
  const Tensor maps = arguments.GetTensor("maps");
  if (maps.shape.size() != 4 || maps.shape[0] != 1 || maps.shape[1] < 1) {
    throw ToError(info.Env(), {Code::kModelMismatch, "Expected maps of shape [1, channels, height, width]."});
  }
  const MapView region = GetMap(arguments, maps, 0);
  const auto preset = static_cast<SplitPreset>(arguments.Choice("preset", {"otsu", "thresholds"}));
  auto found = std::make_shared<std::vector<float>>();
  Operation operation;
  // `maps` owns what `region` points to.
  operation.task = [=, clock = arguments.context().clock, cancel = arguments.context().cancel](int) -> Status {
    const WorkTimer timer(clock.get(), Work::kShapes);
    Result<std::vector<Quad>> quads = SplitWord(region, preset, cancel.get());
    if (!quads.ok()) return quads.status();
    for (const Quad& quad : *quads) {
      for (const Point& point : quad) {
        found->push_back(static_cast<float>(point.x));
        found->push_back(static_cast<float>(point.y));
      }
    }
    return {};
  };
  operation.result = [found](Napi::Env env) -> Napi::Value { return ToArray(env, *found); };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

}  // namespace

void InitMapOperations(Napi::Env env, Napi::Object exports) {
  exports.Set("joinMaps", Napi::Function::New<JoinMaps>(env, "joinMaps"));
  exports.Set("textBoxes", Napi::Function::New<TextBoxes>(env, "textBoxes"));
  exports.Set("craftBoxes", Napi::Function::New<CraftWords>(env, "craftBoxes"));
  exports.Set("heatMap", Napi::Function::New<HeatPicture>(env, "heatMap"));
  exports.Set("gaussianMap", Napi::Function::New<DrawGaussians>(env, "gaussianMap"));
  exports.Set("splitWord", Napi::Function::New<SplitWordMap>(env, "splitWord"));
}

}  // namespace placard
