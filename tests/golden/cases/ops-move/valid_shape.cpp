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

extern "C" __global__ AICORE void valid_shape(__gm__ float* v1, __gm__ int64_t* v2, int64_t v3) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v4 = 0;
  const int64_t v5 = 1;
  const int64_t v6 = 8;
  const int64_t v7 = 16;
  const int64_t v8 = 64;
  const int64_t v9 = 0;
  const float v10 = 1.0f;
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, -1, -1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v11 = Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, -1, -1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v6, v8);
  uint64_t v12 = (uint64_t) v9;
  TASSIGN(v11, v12);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, -1, -1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v13 = Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, -1, -1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(16, 64);
  TEXPANDS(v11, v10);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  v11.SetValidShape(v7, v3);
  v13.SetValidShape(v6, v7);
  Tile<TileType::Vec, int32_t, 16, 64, BLayout::RowMajor, -1, -1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v14;
  TASSIGN(v14, reinterpret_cast<uint64_t>(v11.data()));
  v14.SetValidShape(v5, v8);
  int64_t v15 = v11.GetValidRow();
  int64_t v16 = v11.GetValidCol();
  int64_t v17 = v13.GetValidCol();
  (v2)[v4] = (int64_t) ((uint64_t) v15 + (uint64_t) v16 + (uint64_t) v17);
  pto::Shape<1, 1, 1, 16, -1> v18 = pto::Shape<1, 1, 1, 16, -1>(1, 1, 1, 16, v3);
  pto::Stride<-1, -1, -1, -1, -1> v19 = pto::Stride<-1, -1, -1, -1, -1>(1024, 1024, 1024, 64, 1);
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, -1>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v20 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, -1>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>((__gm__ float*) v1, v18, v19);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TSTORE(v20, v11);
  PTOAS__DCCI_SINGLE_CACHE_LINE(v2 + v4);
  dsb((mem_dsb_t)0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

