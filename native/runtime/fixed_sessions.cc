#include "runtime/fixed_sessions.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <exception>
#include <system_error>
#include <thread>
#include <utility>

namespace placard {
namespace {

// What a session was seen to take: its weights several times over (as read, as laid out for the processor, the graph around
// them), and its values between the layers for each run at a time.
constexpr int64_t kWeightCopies = 5;
constexpr int64_t kBytesAnInput = 32;

// Below every other thread of the process, so that making a session costs readings as little as may be. Linux has
// priorities by thread; elsewhere the thread stays as it is.
void LowerPriority() {
#if defined(__linux__)
  constexpr int kNice = 10;
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNice);
#endif
}

}  // namespace

FixedSessions::FixedSessions(const OnnxRuntime* runtime, NetworkOptions options, std::string input,
                             int64_t weights_bytes)
    : runtime_(runtime),
      options_(std::move(options)),
      input_(std::move(input)),
      weights_bytes_(weights_bytes),
      sessions_(options_.shape_bytes) {}

std::shared_ptr<const Session> FixedSessions::Use(const std::vector<int64_t>& shape) {
  std::shared_ptr<const Session> session = sessions_.Use(shape);
  if (session != nullptr) return session;
  const int64_t bytes = Bytes(shape);
  if (!sessions_.Claim(shape, bytes)) return nullptr;
  try {
    std::thread([self = shared_from_this(), shape, bytes] { self->Make(shape, bytes); }).detach();
  } catch (const std::system_error&) {
    sessions_.GiveUp(shape);
  }
  return nullptr;
}

void FixedSessions::Make(const std::vector<int64_t>& shape, int64_t bytes) {
  LowerPriority();
  try {
    auto session = std::make_shared<Session>(runtime_);
    if (session->Load(options_, input_, shape).ok()) return sessions_.Put(shape, std::move(session), bytes);
  } catch (const std::exception&) {
    // Out of memory: the network for every shape goes on.
  }
  sessions_.GiveUp(shape);
}

int64_t FixedSessions::Bytes(const std::vector<int64_t>& shape) const {
  int64_t values = 1;
  for (const int64_t extent : shape) values *= extent;
  return kWeightCopies * weights_bytes_ + kBytesAnInput * values * options_.runs;
}

}  // namespace placard
