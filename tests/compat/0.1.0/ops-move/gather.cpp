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

extern "C" __global__ AICORE void gather(__gm__ float* v1, __gm__ float* v2, __gm__ float* v3) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v4 = 0;
  const int64_t v5 = 4096;
  const int64_t v6 = 8192;
  const int32_t v7 = 3;
  pto::Shape<1, 1, 1, 256, 64> v8 = pto::Shape<1, 1, 1, 256, 64>();
  pto::Stride<16384, 16384, 16384, 64, 1> v9 = pto::Stride<16384, 16384, 16384, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 256, 64>, pto::Stride<16384, 16384, 16384, 64, 1>, pto::Layout::ND> v10 = GlobalTensor<float, pto::Shape<1, 1, 1, 256, 64>, pto::Stride<16384, 16384, 16384, 64, 1>, pto::Layout::ND>((__gm__ float*) v1, v8, v9);
  pto::Shape<1, 1, 1, 256, 64> v11 = pto::Shape<1, 1, 1, 256, 64>();
  pto::Stride<16384, 16384, 16384, 64, 1> v12 = pto::Stride<16384, 16384, 16384, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 256, 64>, pto::Stride<16384, 16384, 16384, 64, 1>, pto::Layout::ND> v13 = GlobalTensor<float, pto::Shape<1, 1, 1, 256, 64>, pto::Stride<16384, 16384, 16384, 64, 1>, pto::Layout::ND>((__gm__ float*) v2, v11, v12);
  pto::Shape<1, 1, 1, 256, 64> v14 = pto::Shape<1, 1, 1, 256, 64>();
  pto::Stride<16384, 16384, 16384, 64, 1> v15 = pto::Stride<16384, 16384, 16384, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 256, 64>, pto::Stride<16384, 16384, 16384, 64, 1>, pto::Layout::ND> v16 = GlobalTensor<float, pto::Shape<1, 1, 1, 256, 64>, pto::Stride<16384, 16384, 16384, 64, 1>, pto::Layout::ND>((__gm__ float*) v3, v14, v15);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v17;
  uint64_t v18 = (uint64_t) v4;
  TASSIGN(v17, v18);
  Tile<TileType::Vec, int32_t, 1, 16, BLayout::RowMajor, 1, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v19;
  uint64_t v20 = (uint64_t) v5;
  TASSIGN(v19, v20);
  Tile<TileType::Vec, int32_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v21;
  uint64_t v22 = (uint64_t) v6;
  TASSIGN(v21, v22);
  TEXPANDS(v19, v7);
  set_flag(PIPE_V, PIPE_S, EVENT_ID1);
  TEXPANDS(v21, v7);
  wait_flag(PIPE_V, PIPE_S, EVENT_ID1);
  MGATHER<pto::Coalesce::Row>(v17, v10, v19);
  set_flag(PIPE_MTE2, PIPE_S, EVENT_ID1);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID1);
  wait_flag(PIPE_MTE2, PIPE_S, EVENT_ID1);
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID1);
  MGATHER<pto::Coalesce::Row, pto::GatherOOB::Zero>(v17, v10, v19);
  set_flag(PIPE_MTE2, PIPE_S, EVENT_ID1);
  wait_flag(PIPE_MTE2, PIPE_S, EVENT_ID1);
  MGATHER<pto::Coalesce::Elem, pto::GatherOOB::Clamp>(v17, v10, v21);
  set_flag(PIPE_MTE3, PIPE_S, EVENT_ID1);
  set_flag(PIPE_S, PIPE_MTE3, EVENT_ID1);
  wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID1);
  wait_flag(PIPE_S, PIPE_MTE3, EVENT_ID1);
  MSCATTER(v13, v17, v19);
  set_flag(PIPE_MTE3, PIPE_S, EVENT_ID1);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID1);
  wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID1);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID1);
  MSCATTER<pto::Coalesce::Row, pto::ScatterAtomicOp::Add>(v13, v17, v19);
  MSCATTER<pto::Coalesce::Elem, pto::ScatterAtomicOp::None, pto::ScatterOOB::Skip>(v16, v17, v21);
  MSCATTER<pto::Coalesce::Elem, pto::ScatterAtomicOp::Add>(v16, v17, v21);
  dcci((__gm__ void*)0, cache_line_t::ENTIRE_DATA_CACHE);
  dsb((mem_dsb_t)0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

