#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "addon/arguments.h"
#include "addon/job.h"
#include "addon/operations.h"
#include "kernels/camera.h"

namespace placard {
namespace {

// Lengths that a blur may have: its cost grows with them, a disk's with the square.
constexpr double kLongestBlur = 64;
// Keeps the place of a layer's pixel in 31 bits.
constexpr int kLongestLayer = 1 << 14;
constexpr int kLongestPicture = 1 << 15;

Matrix3 MatrixFrom(const float* values) {
  Matrix3 matrix;
  std::copy_n(values, 9, matrix.begin());
  return matrix;
}

std::vector<float> FiniteFloats(const Arguments& arguments, const char* name) {
  const std::vector<float> values = arguments.Floats(name);
  for (const float value : values) {
    if (!std::isfinite(value)) arguments.Expected("finite numbers", name);
  }
  return values;
}

double NumberOr(const Arguments& arguments, const char* name, double least, double most, double otherwise) {
  return arguments.Has(name) ? arguments.Number(name, least, most) : otherwise;
}

void ReadLight(const Arguments& arguments, CameraSettings* camera) {
  if (arguments.Has("light")) {
    const std::vector<float> gains = FiniteFloats(arguments, "light");
    if (gains.size() != 12) arguments.Expected("12 numbers", "light");
    for (size_t i = 0; i < gains.size(); ++i) camera->light[i / 3][i % 3] = gains[i];
  }
  if (!arguments.Has("spots")) return;
  const std::vector<float> spots = FiniteFloats(arguments, "spots");
  if (spots.size() % 4 != 0) arguments.Expected("4 numbers a spot", "spots");
  for (size_t i = 0; i < spots.size(); i += 4) {
    if (!(spots[i + 2] > 0)) arguments.Expected("radii above 0", "spots");
    camera->spots.push_back({spots[i], spots[i + 1], spots[i + 2], spots[i + 3]});
  }
}

// What the camera does; `width` and `height` of its sensor are read elsewhere.
CameraSettings GetCamera(const Arguments& arguments) {
  const auto number = [&](const char* name, double least, double most, double otherwise) {
    return NumberOr(arguments, name, least, most, otherwise);
  };
  CameraSettings camera;
  ReadLight(arguments, &camera);
  camera.defocus = number("defocus", 0, kLongestBlur, 0);
  camera.blur = number("blur", 0, kLongestBlur, 0);
  if (arguments.Has("motion")) camera.motion = arguments.Pair("motion", -2 * kLongestBlur, 2 * kLongestBlur);
  camera.read_noise = number("readNoise", 0, 255, 0);
  camera.shot_noise = number("shotNoise", 0, 255, 0);
  camera.luma_share = number("lumaShare", 0, 1, 0);
  camera.grain = number("grain", 0, kLongestBlur, 0);
  camera.sharpen = number("sharpen", 0, 100, 0);
  camera.curve.gain = static_cast<float>(number("gain", 0, 1000, 1));
  camera.curve.lift = static_cast<float>(number("lift", -1000, 1000, 0));
  camera.curve.gamma = static_cast<float>(number("gamma", 0.01, 100, 1));
  camera.curve.saturation = static_cast<float>(number("saturation", 0, 100, 1));
  camera.seed = static_cast<uint32_t>(arguments.Number("seed", 0, 4294967295.0));
  return camera;
}

// The layers' pixels are read where they are: `pinned` keeps them.
std::vector<FlatLayer> GetLayers(const Arguments& arguments, std::vector<Napi::ObjectReference>* pinned) {
  const Napi::Value pixels = arguments.Get("pixels");
  if (!pixels.IsArray()) arguments.Expected("an array of Uint8Arrays", "pixels");
  const Napi::Array array = pixels.As<Napi::Array>();
  const std::vector<int32_t> sizes = arguments.Integers("sizes");
  const std::vector<float> matrices = FiniteFloats(arguments, "matrices");
  const uint32_t count = array.Length();
  if (sizes.size() != 2 * static_cast<size_t>(count)) arguments.Expected("2 numbers a layer", "sizes");
  if (matrices.size() != 9 * static_cast<size_t>(count)) arguments.Expected("9 numbers a layer", "matrices");
  std::vector<FlatLayer> layers;
  for (uint32_t i = 0; i < count; ++i) {
    const int width = sizes[2 * i], height = sizes[2 * i + 1];
    if (width < 1 || height < 1 || width > kLongestLayer || height > kLongestLayer) {
      arguments.Expected("sides of 1 ... 16384", "sizes");
    }
    const Napi::Value value = array.Get(i);
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
      arguments.Expected("an array of Uint8Arrays", "pixels");
    }
    const Napi::Uint8Array bytes = value.As<Napi::Uint8Array>();
    const ptrdiff_t stride = 4 * static_cast<ptrdiff_t>(width);
    if (bytes.ByteLength() != static_cast<size_t>(stride) * height) arguments.Expected("width x height x 4 bytes", "pixels");
    layers.push_back({{bytes.Data(), width, height, 4, stride}, MatrixFrom(&matrices[9 * i])});
    pinned->push_back(Napi::Persistent(value.As<Napi::Object>()));
  }
  return layers;
}

// photograph({background: Image, matrix: Float32Array(9), width, height, layers: {pixels: Uint8Array[], sizes: Int32Array(2n),
// matrices: Float32Array(9n)}, camera}) -> Uint8Array of the camera's width x height x 3. What is in `pixels` is read until the
// promise settles.
Napi::Value PhotographPicture(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "photograph");
  const Image background = arguments.GetImage("background");
  const std::vector<float> values = FiniteFloats(arguments, "matrix");
  if (values.size() != 9) arguments.Expected("9 numbers", "matrix");
  const Matrix3 matrix = MatrixFrom(values.data());
  const int width = arguments.Integer("width", 1, kLongestPicture), height = arguments.Integer("height", 1, kLongestPicture);
  Operation operation;
  std::vector<FlatLayer> layers = GetLayers(arguments.Struct("layers", "photograph.layers"), &operation.pinned);
  const Arguments settings = arguments.Struct("camera", "photograph.camera");
  CameraSettings camera = GetCamera(settings);
  const int columns = settings.IntegerOr("width", 1, kLongestPicture, width);
  const int rows = settings.IntegerOr("height", 1, kLongestPicture, height);
  const ptrdiff_t stride = 3 * static_cast<ptrdiff_t>(columns);
  Napi::Uint8Array pixels = NewBytes(arguments.env(), static_cast<size_t>(stride) * rows);
  const auto kept = std::make_shared<Napi::ObjectReference>(Napi::Persistent(pixels.As<Napi::Object>()));
  operation.task = [=, layers = std::move(layers), camera = std::move(camera), to = pixels.Data(),
                    clock = arguments.context().clock, cancel = arguments.context().cancel](int) -> Status {
    const WorkTimer timer(clock.get(), Work::kKernels);
    return Photograph(background.view, matrix, width, height, layers, camera, *cancel, {to, columns, rows, 3, stride});
  };
  operation.result = [kept](Napi::Env) -> Napi::Value { return kept->Value(); };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

}  // namespace

void InitPhotographOperation(Napi::Env env, Napi::Object exports) {
  exports.Set("photograph", Napi::Function::New<PhotographPicture>(env, "photograph"));
}

}  // namespace placard
