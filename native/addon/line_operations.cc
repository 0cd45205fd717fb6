#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "addon/arguments.h"
#include "addon/job.h"
#include "addon/operations.h"
#include "kernels/warp_perspective.h"
#include "sequence/ctc.h"

namespace placard {
namespace {

// The lines of one call: for each a quad in one of the images, and the network's input it becomes.
struct Lines {
  std::vector<Image> images;
  std::vector<int32_t> image_indices;  // one a line
  std::vector<Quad> quads;             // clockwise from the top-left of the reading direction
  std::vector<int32_t> widths;         // columns that keep the line's aspect
  int height = 0;
  std::vector<int32_t> least_widths;   // narrower inputs are filled up with zeros on the right
  int oversample = 1;
  Normalization normalization;
  std::shared_ptr<Network> network;

  int count() const { return static_cast<int>(quads.size()); }
};

Lines ReadLines(const Arguments& arguments) {
  Lines lines;
  lines.images = arguments.Images("images");
  lines.image_indices = arguments.Integers("imageIndices");
  lines.quads = arguments.Quads("quads");
  lines.widths = arguments.Integers("widths");
  lines.height = arguments.Integer("height", 1, 4096);
  lines.least_widths = arguments.Integers("leastWidths");
  lines.oversample = arguments.IntegerOr("oversample", 1, 8, 1);
  lines.normalization = arguments.GetNormalization();
  lines.network = arguments.GetNetwork("network");
  if (lines.image_indices.size() != lines.quads.size()) arguments.Expected("one number a quad", "imageIndices");
  if (lines.widths.size() != lines.quads.size()) arguments.Expected("one number a quad", "widths");
  if (lines.least_widths.size() != lines.quads.size()) arguments.Expected("one number a quad", "leastWidths");
  for (const int32_t index : lines.image_indices) {
    if (index < 0 || index >= static_cast<int>(lines.images.size())) arguments.Expected("indices of images", "imageIndices");
  }
  const auto check_widths = [&](const std::vector<int32_t>& widths, const char* name) {
    for (const int32_t width : widths) {
      if (width < 1 || width > 65536) arguments.Expected("widths of 1 ... 65536", name);
    }
  };
  check_widths(lines.widths, "widths");
  check_widths(lines.least_widths, "leastWidths");
  return lines;
}

double Length(const Point& a, const Point& b) { return std::hypot(a.x - b.x, a.y - b.y); }

// Samples a side that an output pixel takes: as many source pixels as it covers, up to the limit.
int Oversampling(const Quad& quad, int height, int limit) {
  const double side = std::max(Length(quad[0], quad[3]), Length(quad[1], quad[2]));
  return std::clamp(static_cast<int>(std::lround(side / height)), 1, limit);
}

// Columns that line `i` fills: stretched where the network prefers certain widths, as zeros after a line change its reading
// more than a few percent of width do.
int FilledWidth(const Lines& lines, int i) { return lines.network->Columns(lines.widths[i]); }

int TensorWidth(const Lines& lines, int i) {
  return std::max(FilledWidth(lines, i), lines.network->Columns(lines.least_widths[i]));
}

// Rectifies line `i` into a fresh input and runs the network on it.
Result<std::vector<Tensor>> RunLine(const Lines& lines, int i, const Context& context) {
  Tensor input;
  {
    const WorkTimer timer(context.clock.get(), Work::kKernels);
    const int width = FilledWidth(lines, i), tensor_width = TensorWidth(lines, i);
    const Result<Matrix3> matrix = CropTransform(lines.quads[i], width, lines.height);
    if (!matrix.ok()) return matrix.status();
    input = AllocateTensor({1, 3, lines.height, tensor_width});
    if (input.data == nullptr) return Status(Code::kOutOfMemory, "No memory for a network's input.");
    if (width != tensor_width) std::fill_n(input.data, input.size(), 0.0F);
    WarpPerspectiveNormalize(lines.images[lines.image_indices[i]].view, *matrix, {},
                             Oversampling(lines.quads[i], lines.height, lines.oversample), lines.normalization,
                             {input.data, width, lines.height, tensor_width,
                              static_cast<ptrdiff_t>(tensor_width) * lines.height});
  }
  const WorkTimer timer(context.clock.get(), Work::kNetworks);
  return lines.network->Run(input, context.cancel.get());
}

struct CtcSettings {
  CtcOptions options;
  std::vector<uint8_t> allowed;
  int beam = 0;
  bool logits = false;
  int classes = 0;  // that the contract says; 0 asks for no check
};

std::shared_ptr<CtcSettings> ReadCtc(const Arguments& arguments) {
  auto settings = std::make_shared<CtcSettings>();
  settings->classes = arguments.Integer("classes", 2, 1 << 24);
  settings->options.blank = arguments.Integer("blank", 0, settings->classes - 1);
  settings->options.space = arguments.Integer("space", -1, settings->classes - 1);
  settings->logits = arguments.Boolean("logits");
  settings->beam = arguments.IntegerOr("beam", 0, 1000, 0);
  if (arguments.Has("allowed")) {
    settings->allowed = arguments.Bytes("allowed");
    if (static_cast<int>(settings->allowed.size()) != settings->classes) arguments.Expected("a byte a class", "allowed");
    settings->options.allowed = settings->allowed;
  }
  return settings;
}

struct LineSymbols {
  std::vector<CtcSymbol> symbols;
  int steps = 0;  // of the line alone, without what the input was filled up with
};

// `share` is what part of the input's columns the line fills.
Status Decode(const std::vector<Tensor>& outputs, const CtcSettings& settings, double share, LineSymbols* line) {
  const Tensor& values = outputs[0];
  if (values.shape.size() != 3 || values.shape[0] != 1 || values.shape[2] != settings.classes) {
    const std::string classes = values.shape.size() == 3 ? std::to_string(values.shape[2]) : "no";
    return {Code::kModelMismatch, "The contract's alphabet makes " + std::to_string(settings.classes) +
                                      " classes but the network gives " + classes + "."};
  }
  const int steps = static_cast<int>(values.shape[1]);
  const CtcInput input{values.data, steps, settings.classes, settings.logits};
  if (settings.beam > 0) {
    CtcBeamOptions beam;
    beam.width = settings.beam;
    CtcBeam(input, settings.options, beam, &line->symbols);
  } else {
    CtcGreedy(input, settings.options, &line->symbols);
  }
  line->steps = static_cast<int>(std::ceil(steps * share));
  for (CtcSymbol& symbol : line->symbols) {
    symbol.begin = std::min(symbol.begin, line->steps);
    symbol.end = std::min(symbol.end, line->steps);
  }
  return {};
}

Napi::Value ToObject(Napi::Env env, const std::vector<LineSymbols>& lines) {
  std::vector<int32_t> counts, steps, symbols, begins, ends;
  std::vector<float> confidences, spaces;
  for (const LineSymbols& line : lines) {
    counts.push_back(static_cast<int32_t>(line.symbols.size()));
    steps.push_back(line.steps);
    for (const CtcSymbol& symbol : line.symbols) {
      symbols.push_back(symbol.symbol);
      confidences.push_back(symbol.confidence);
      begins.push_back(symbol.begin);
      ends.push_back(symbol.end);
      spaces.push_back(symbol.space_before);
    }
  }
  Napi::Object result = Napi::Object::New(env);
  result["counts"] = ToArray(env, counts);
  result["steps"] = ToArray(env, steps);
  result["symbols"] = ToArray(env, symbols);
  result["confidences"] = ToArray(env, confidences);
  result["begins"] = ToArray(env, begins);
  result["ends"] = ToArray(env, ends);
  result["spaces"] = ToArray(env, spaces);
  return result;
}

// The longest lines begin first, so that none is left alone at the end.
std::vector<int> LongestFirst(const Lines& lines) {
  std::vector<int> order(lines.count());
  for (int i = 0; i < lines.count(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return TensorWidth(lines, a) > TensorWidth(lines, b); });
  return order;
}

// recognizeLines({network, images, imageIndices, quads, widths, leastWidths, height, oversample?, scale, offset,
// reverseChannels, classes, blank, space, logits, beam?, allowed?}) -> per line `counts` and `steps`, and per symbol
// `symbols`, `confidences`, `begins`, `ends`, `spaces`, in line order. One task a line.
Napi::Value RecognizeLines(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "recognize");
  const auto lines = std::make_shared<const Lines>(ReadLines(arguments));
  const std::shared_ptr<const CtcSettings> settings = ReadCtc(arguments);
  auto read = std::make_shared<std::vector<LineSymbols>>(lines->count());
  Operation operation;
  operation.count = lines->count();
  operation.task = [=, context = arguments.context(), order = LongestFirst(*lines)](int task) -> Status {
    const int i = order[task];
    const Result<std::vector<Tensor>> outputs = RunLine(*lines, i, context);
    if (!outputs.ok()) return outputs.status();
    const WorkTimer timer(context.clock.get(), Work::kSequence);
    const double share = static_cast<double>(FilledWidth(*lines, i)) / TensorWidth(*lines, i);
    return Decode(*outputs, *settings, share, &(*read)[i]);
  };
  operation.result = [read](Napi::Env env) -> Napi::Value { return ToObject(env, *read); };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

}  // namespace

void InitLineOperations(Napi::Env env, Napi::Object exports) {
  exports.Set("recognizeLines", Napi::Function::New<RecognizeLines>(env, "recognizeLines"));
}

}  // namespace placard
