#include "pto/pto-inst.hpp"
using namespace pto;

template <typename Tensor>
static AICORE inline auto PTOAS__GLOBAL_TENSOR_DATA(Tensor &tensor) -> decltype(tensor.data()) {
  return tensor.data();
}

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

AICORE void fractals(__gm__ half* v1) {
  using T = float;

  #if defined(__DAV_CUBE__)
  const int64_t v2 = 0;
  pto::Shape<1, 4, 2, 16, 16> v3 = pto::Shape<1, 4, 2, 16, 16>();
  pto::Stride<2048, 512, 256, 16, 1> v4 = pto::Stride<2048, 512, 256, 16, 1>();
  GlobalTensor<half, pto::Shape<1, 4, 2, 16, 16>, pto::Stride<2048, 512, 256, 16, 1>, pto::Layout::NZ> v5 = GlobalTensor<half, pto::Shape<1, 4, 2, 16, 16>, pto::Stride<2048, 512, 256, 16, 1>, pto::Layout::NZ>((__gm__ half*) v1, v3, v4);
  Tile<TileType::Mat, half, 32, 64, BLayout::ColMajor, 32, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v6;
  uint64_t v7 = (uint64_t) v2;
  TASSIGN(v6, v7);
  TLOAD(v6, v5);
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

