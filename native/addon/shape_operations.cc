#include <cmath>
#include <memory>
#include <utility>

#include "addon/arguments.h"
#include "addon/job.h"
#include "addon/operations.h"
#include "kernels/warp_perspective.h"
#include "shapes/connected_components.h"
#include "shapes/min_area_rect.h"
#include "shapes/nms.h"

namespace placard {
namespace {

// suppressOverlaps({quads: Float32Array(8n), scores: Float32Array(n), classes?: Int32Array(n), threshold}) -> Int32Array of kept
// indices by falling score.
Napi::Value SuppressOverlaps(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "nms");
  const std::vector<Quad> quads = arguments.Quads("quads");
  const std::vector<float> scores = arguments.Floats("scores");
  const std::vector<int32_t> classes = arguments.Has("classes") ? arguments.Integers("classes") : std::vector<int32_t>();
  if (scores.size() != quads.size()) arguments.Expected("a score a quad", "scores");
  if (!classes.empty() && classes.size() != quads.size()) arguments.Expected("a class a quad", "classes");
  const double threshold = arguments.Number("threshold", 0, 1);
  auto kept = std::make_shared<std::vector<int32_t>>();
  Operation operation;
  operation.task = [=](int) -> Status {
    const std::vector<int> indices = Nms(quads, scores, classes, threshold);
    kept->assign(indices.begin(), indices.end());
    return {};
  };
  operation.result = [kept](Napi::Env env) -> Napi::Value { return ToArray(env, *kept); };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

// connectedComponents({values: Float32Array(width x height), width, height, threshold, connectivity: 4 | 8}) -> Int32Array of 5
// a component: left, top, right, bottom (inclusive), area.
Napi::Value ConnectedComponents(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "connectedComponents");
  auto values = std::make_shared<std::vector<float>>(arguments.Floats("values"));
  const int width = arguments.Integer("width", 1, 1 << 16), height = arguments.Integer("height", 1, 1 << 16);
  if (values->size() != static_cast<size_t>(width) * height) arguments.Expected("width x height numbers", "values");
  const auto threshold = static_cast<float>(arguments.Number("threshold", -1e30, 1e30));
  const int connectivity = arguments.Integer("connectivity", 4, 8);
  if (connectivity != 4 && connectivity != 8) arguments.Expected("4 or 8", "connectivity");
  auto found = std::make_shared<Components>();
  Operation operation;
  operation.task = [=](int) -> Status {
    LabelComponents({values->data(), width, height, width}, threshold,
                    connectivity == 4 ? Connectivity::kFour : Connectivity::kEight, found.get());
    return {};
  };
  operation.result = [found](Napi::Env env) -> Napi::Value {
    std::vector<int32_t> flat;
    for (const Component& c : found->components) flat.insert(flat.end(), {c.left, c.top, c.right, c.bottom, c.area});
    return ToArray(env, flat);
  };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

// minAreaRect(Float32Array(2n)) -> Float32Array(8): corners of the smallest rectangle around the points; synchronous.
Napi::Value MinAreaRectangle(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "minAreaRect");
  const std::vector<float> values = arguments.Floats("points");
  if (values.size() < 2 || values.size() % 2 != 0) arguments.Expected("pairs of numbers", "points");
  std::vector<Point> points, hull;
  for (size_t i = 0; i < values.size(); i += 2) {
    if (!std::isfinite(values[i]) || !std::isfinite(values[i + 1])) arguments.Expected("finite coordinates", "points");
    points.push_back({values[i], values[i + 1]});
  }
  ConvexHull(&points, &hull);
  std::vector<float> corners;
  for (const Point& point : Corners(MinAreaRect(hull))) {
    corners.push_back(static_cast<float>(point.x));
    corners.push_back(static_cast<float>(point.y));
  }
  return ToArray(info.Env(), corners);
}

// perspectiveTransform({from: Float32Array(8), to: Float32Array(8)}) -> Float32Array(9); synchronous.
Napi::Value Perspective(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "perspectiveTransform");
  const std::vector<Quad> from = arguments.Quads("from"), to = arguments.Quads("to");
  if (from.size() != 1) arguments.Expected("8 numbers", "from");
  if (to.size() != 1) arguments.Expected("8 numbers", "to");
  const Result<Matrix3> matrix = PerspectiveTransform(from[0], to[0]);
  if (!matrix.ok()) throw ToError(info.Env(), matrix.status());
  return ToArray(info.Env(), std::vector<float>(matrix->begin(), matrix->end()));
}

}  // namespace

void InitShapeOperations(Napi::Env env, Napi::Object exports) {
  exports.Set("suppressOverlaps", Napi::Function::New<SuppressOverlaps>(env, "suppressOverlaps"));
  exports.Set("connectedComponents", Napi::Function::New<ConnectedComponents>(env, "connectedComponents"));
  exports.Set("minAreaRect", Napi::Function::New<MinAreaRectangle>(env, "minAreaRect"));
  exports.Set("perspectiveTransform", Napi::Function::New<Perspective>(env, "perspectiveTransform"));
}

}  // namespace placard
