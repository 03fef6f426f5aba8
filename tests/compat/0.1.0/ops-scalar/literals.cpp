#include "pto/pto-inst.hpp"
using namespace pto;

enum class PTOAutoSyncTailMode : int {
  kBarrierAll = 0,
  kSetWaitMte3ToSEvent0 = 1,
};

static AICORE inline void ptoas_auto_sync_tail(PTOAutoSyncTailMode mode = PTOAutoSyncTailMode::kBarrierAll) {
  if (mode == PTOAutoSyncTailMode::kSetWaitMte3ToSEvent0) {
    set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
    wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  } else {
    pipe_barrier(PIPE_ALL);
  }
}

template <typename Ptr>
static AICORE inline void PTOAS__DCCI_SINGLE_CACHE_LINE(Ptr ptr) {
  dcci((__gm__ void*)ptr, cache_line_t::SINGLE_CACHE_LINE);
}

template <typename To, typename From>
static inline To ptoas_bitcast(From from) {
  static_assert(sizeof(To) == sizeof(From), "a bit cast keeps the size");
  To to;
  __builtin_memcpy(&to, &from, sizeof(To));
  return to;
}

AICORE float infinity() {
  using T = float;
  const float v1 = __builtin_inff();
  return v1;
}

AICORE half minus_infinity() {
  using T = float;
  const half v1 = (half) -__builtin_inff();
  return v1;
}

AICORE float not_a_number() {
  using T = float;
  const float v1 = ptoas_bitcast<float>((uint32_t) 0x7fc00000);
  return v1;
}

AICORE float minus_zero() {
  using T = float;
  const float v1 = -0.0f;
  return v1;
}

AICORE int64_t smallest() {
  using T = float;
  const int64_t v1 = -9223372036854775807 - 1;
  return v1;
}

