#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "addon/arguments.h"
#include "addon/job.h"
#include "addon/operations.h"
#include "kernels/warp_perspective.h"
#include "sequence/character_model.h"
#include "sequence/ctc.h"
#include "sequence/lexicon.h"

namespace placard {
namespace {

// The lines of one call: for each a quad in one of the images, and the network's input it becomes.
struct Lines {
  std::vector<Image> images;
  std::vector<int32_t> image_indices;  // one a line
  std::vector<Quad> quads;             // clockwise from the top-left of the reading direction
  std::vector<int32_t> widths;         // columns that keep the line's aspect
  int height = 0;
  std::vector<int32_t> least_widths;   // narrower inputs are filled up on the right
  bool exact = false;                  // `widths` is what the network was made for, whatever the provider prefers
  bool repeat_edge = false;            // filled up with the line's last column, not with zeros
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
  lines.exact = arguments.Boolean("exact");
  lines.repeat_edge = arguments.Choice("fill", {"zeros", "edge"}) == 1;
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

// Stretched where the network prefers certain widths, as zeros after a line change its reading more than a few percent of width
// do. Networks that learned from lines whose edge goes on get them as they learned them.
int Columns(const Lines& lines, int width) {
  return lines.exact || lines.repeat_edge ? width : lines.network->Columns(width);
}

// Columns that line `i` fills.
int FilledWidth(const Lines& lines, int i) { return Columns(lines, lines.widths[i]); }

int TensorWidth(const Lines& lines, int i) {
  return std::max(FilledWidth(lines, i), Columns(lines, lines.least_widths[i]));
}

// Fills the rows of a tensor from column `width` on.
void FillRight(int width, bool repeat_edge, Tensor* tensor) {
  const int64_t stride = tensor->shape[3];
  for (float* row = tensor->data; row < tensor->data + tensor->size(); row += stride) {
    std::fill(row + width, row + stride, repeat_edge ? row[width - 1] : 0.0F);
  }
}

// Rectifies line `i` into a fresh input and runs the network on it.
Result<std::vector<Tensor>> RunLine(const Lines& lines, int i, const Context& context) {
  Tensor input;
  {
    const WorkTimer timer(context.clock.get(), Work::kKernels);
    const int width = FilledWidth(lines, i), tensor_width = TensorWidth(lines, i);
    const Result<Matrix3> matrix = CropTransform(lines.quads[i], width, lines.height);
    if (!matrix.ok()) return matrix.status();
    input = AllocateTensor({1, lines.normalization.planes(), lines.height, tensor_width});
    if (input.data == nullptr) return Status(Code::kOutOfMemory, "No memory for a network's input.");
    WarpPerspectiveNormalize(lines.images[lines.image_indices[i]].view, *matrix, {},
                             Oversampling(lines.quads[i], lines.height, lines.oversample), lines.normalization,
                             {input.data, width, lines.height, tensor_width,
                              static_cast<ptrdiff_t>(tensor_width) * lines.height});
    FillRight(width, lines.repeat_edge, &input);
  }
  const WorkTimer timer(context.clock.get(), Work::kNetworks);
  return lines.network->Run(input, context.cancel.get());
}

struct CtcSettings {
  CtcOptions options;
  std::vector<uint8_t> allowed;
  int beam = 0;
  bool logits = false;
  bool raw = false;  // give the best path as well
  std::shared_ptr<const Lexicon> lexicon;
  LexiconOptions words;
  std::shared_ptr<const CharacterModel> character_model;
  CharacterModelOptions characters;
  int classes = 0;  // that the contract says
  // floor(columns / steps_per) + steps_plus is how many steps the contract says; 0 asks for no check.
  int steps_per = 0;
  int steps_plus = 0;
};

void ReadBias(const Arguments& arguments, CtcSettings* settings) {
  const auto number_or = [&](const char* name, double least, double most, double otherwise) {
    return arguments.Has(name) ? arguments.Number(name, least, most) : otherwise;
  };
  settings->lexicon = arguments.GetLexicon("lexicon");
  settings->words = {arguments.Boolean("wordsOnly"), number_or("wordWeight", 0, 100, 0)};
  settings->character_model = arguments.GetCharacterModel("characterModel");
  settings->characters = {number_or("modelWeight", 0, 100, 0), number_or("lengthBonus", -100, 100, 0)};
  const auto classes = static_cast<size_t>(settings->classes);
  if (settings->lexicon && settings->lexicon->classes() != classes) arguments.Expected("one of as many classes", "lexicon");
  if (settings->character_model && settings->character_model->classes() != classes) {
    arguments.Expected("one of as many classes", "characterModel");
  }
}

std::shared_ptr<CtcSettings> ReadCtc(const Arguments& arguments) {
  auto settings = std::make_shared<CtcSettings>();
  settings->classes = arguments.Integer("classes", 2, 1 << 24);
  settings->options.blank = arguments.Integer("blank", 0, settings->classes - 1);
  settings->options.space = arguments.Integer("space", -1, settings->classes - 1);
  settings->logits = arguments.Boolean("logits");
  settings->beam = arguments.IntegerOr("beam", 0, 1000, 0);
  settings->raw = arguments.Boolean("raw");
  ReadBias(arguments, settings.get());
  settings->steps_per = arguments.IntegerOr("stepsPer", 1, 64, 0);
  settings->steps_plus = arguments.IntegerOr("stepsPlus", -8, 8, 0);
  if (arguments.Has("allowed")) {
    settings->allowed = arguments.Bytes("allowed");
    if (static_cast<int>(settings->allowed.size()) != settings->classes) arguments.Expected("a byte a class", "allowed");
    settings->options.allowed = settings->allowed;
  }
  return settings;
}

struct LineSymbols {
  std::vector<CtcSymbol> symbols;
  int steps = 0;              // of the line alone, without what the input was filled up with
  std::vector<int32_t> path;  // classes of all steps, where it was asked for
};

// Whether what the network gave for so many columns is what the contract says.
Status CheckOutput(const Tensor& values, const CtcSettings& settings, int columns) {
  if (values.shape.size() != 3 || values.shape[0] != 1 || values.shape[2] != settings.classes) {
    const std::string classes = values.shape.size() == 3 ? std::to_string(values.shape[2]) : "no";
    return {Code::kModelMismatch, "The contract's alphabet makes " + std::to_string(settings.classes) +
                                      " classes but the network gives " + classes + "."};
  }
  if (settings.steps_per == 0) return {};
  const int wanted = columns / settings.steps_per + settings.steps_plus;
  if (values.shape[1] == wanted) return {};
  return {Code::kModelMismatch, "The contract says " + std::to_string(wanted) + " steps for " + std::to_string(columns) +
                                    " columns but the network gives " + std::to_string(values.shape[1]) + "."};
}

void SearchBeam(const CtcInput& input, const CtcSettings& settings, std::vector<CtcSymbol>* symbols) {
  CtcBeamOptions beam;
  beam.width = settings.beam;
  std::vector<PrefixScorer*> scorers;
  std::optional<LexiconScorer> words;
  std::optional<CharacterModelScorer> characters;
  if (settings.lexicon) scorers.push_back(&words.emplace(*settings.lexicon, settings.words));
  if (settings.character_model) scorers.push_back(&characters.emplace(*settings.character_model, settings.characters));
  beam.scorers = scorers;
  // The only word that fits may need a class that the network holds for next to impossible.
  if (settings.words.only) beam.prune = 0;
  CtcBeam(input, settings.options, beam, symbols);
}

// The line fills `filled` of the input's `columns`.
Status Decode(const std::vector<Tensor>& outputs, const CtcSettings& settings, int filled, int columns,
              LineSymbols* line) {
  const Tensor& values = outputs[0];
  PLACARD_RETURN_IF_ERROR(CheckOutput(values, settings, columns));
  const int steps = static_cast<int>(values.shape[1]);
  const CtcInput input{values.data, steps, settings.classes, settings.logits};
  if (settings.beam > 0) {
    SearchBeam(input, settings, &line->symbols);
  } else {
    CtcGreedy(input, settings.options, &line->symbols);
  }
  if (settings.raw) line->path = CtcBestPath(input, settings.options);
  line->steps = static_cast<int>(std::ceil(steps * static_cast<double>(filled) / columns));
  for (CtcSymbol& symbol : line->symbols) {
    symbol.begin = std::min(symbol.begin, line->steps);
    symbol.end = std::min(symbol.end, line->steps);
  }
  return {};
}

Napi::Value ToObject(Napi::Env env, const std::vector<LineSymbols>& lines) {
  std::vector<int32_t> counts, steps, symbols, begins, ends, paths, path_steps;
  std::vector<float> confidences, spaces;
  for (const LineSymbols& line : lines) {
    counts.push_back(static_cast<int32_t>(line.symbols.size()));
    steps.push_back(line.steps);
    paths.insert(paths.end(), line.path.begin(), line.path.end());
    path_steps.push_back(static_cast<int32_t>(line.path.size()));
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
  result["paths"] = ToArray(env, paths);
  result["pathSteps"] = ToArray(env, path_steps);
  return result;
}

// The longest lines begin first, so that none is left alone at the end.
std::vector<int> LongestFirst(const Lines& lines) {
  std::vector<int> order(lines.count());
  for (int i = 0; i < lines.count(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return TensorWidth(lines, a) > TensorWidth(lines, b); });
  return order;
}

// recognizeLines({network, images, imageIndices, quads, widths, leastWidths, exact?, fill?, height, oversample?, scale, offset,
// reverseChannels, classes, blank, space, logits, beam?, allowed?, lexicon?, wordsOnly?, wordWeight?, characterModel?,
// modelWeight?, lengthBonus?, raw?, stepsPer?, stepsPlus?}) -> per line `counts`, `steps` and `pathSteps`, per symbol `symbols`,
// `confidences`, `begins`, `ends`, `spaces`, and per step `paths`, in line order. One task a line.
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
    return Decode(*outputs, *settings, FilledWidth(*lines, i), TensorWidth(*lines, i), &(*read)[i]);
  };
  operation.result = [read](Napi::Env env) -> Napi::Value { return ToObject(env, *read); };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

}  // namespace

void InitLineOperations(Napi::Env env, Napi::Object exports) {
  exports.Set("recognizeLines", Napi::Function::New<RecognizeLines>(env, "recognizeLines"));
}

}  // namespace placard
