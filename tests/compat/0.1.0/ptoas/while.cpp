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

AICORE void doubling(int64_t v1) {
  const int64_t v2 = 1;
  const int64_t v3 = 8;
  const int64_t v4 = 0;
  const float v5 = 1.0f;
  const int64_t v6 = 0;
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  // pto: %x
  Tile<TileType::Vec, float, 16, 16, BLayout::RowMajor, 16, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v7;
  uint64_t v8 = (uint64_t) v6;
  TASSIGN(v7, v8);
  for (int64_t v9 = v4; v9 < v3; v9 += v2) {
    // pto: %n
    int64_t v10 = v2;
    int64_t v11;
    goto label2;
label2: {
      // pto: %go
      v11 = v10;
      if (v10 < v1) {
        goto label3;
      } else {
        goto label4;
      }
    }
label3: {
      TADDS(v7, v7, v5);
      // pto: %next
      v10 = (int64_t) ((uint64_t) v11 + (uint64_t) v11);
      goto label2;
    }
label4:;
    // pto: %odd
    if (v11 > v3) {
      TADDS(v7, v7, v5);
    }
  }
  #endif // __DAV_VEC__

  return;
}

