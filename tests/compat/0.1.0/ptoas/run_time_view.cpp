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

AICORE void rows(__gm__ float* v1, int64_t v2, int64_t v3, int32_t v4) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v5 = 1;
  const int64_t v6 = 64;
  const int64_t v7 = 0;
  // pto: %view
  pto::Shape<1, 1, 1, -1, -1> v8 = pto::Shape<1, 1, 1, -1, -1>(1, 1, 1, v2, 64);
  pto::Stride<-1, -1, -1, -1, -1> v9 = pto::Stride<-1, -1, -1, -1, -1>(v2 * 64, v2 * 64, v2 * 64, 64, 1);
  GlobalTensor<float, pto::Shape<1, 1, 1, -1, -1>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v10 = GlobalTensor<float, pto::Shape<1, 1, 1, -1, -1>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>(v1, v8, v9);
  // pto: %part
  __gm__ float* v11 = PTOAS__GLOBAL_TENSOR_DATA(v10);
  pto::Shape<1, 1, 1, -1, 64> v12 = pto::Shape<1, 1, 1, -1, 64>(1, 1, 1, 16, 64);
  pto::Stride<-1, -1, -1, -1, -1> v13 = pto::Stride<-1, -1, -1, -1, -1>(1024, 1024, 1024, 64, 1);
  GlobalTensor<float, pto::Shape<1, 1, 1, -1, 64>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v14 = GlobalTensor<float, pto::Shape<1, 1, 1, -1, 64>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>(v11 + (2 + (int64_t) v3 * v6), v12, v13);
  // pto: %x
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v15;
  uint64_t v16 = (uint64_t) v7;
  TASSIGN(v15, v16);
  TLOAD(v15, v14);
  #endif // __DAV_VEC__

  return;
}

