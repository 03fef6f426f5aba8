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

extern "C" __global__ AICORE void gather_mat(__gm__ half* v1, __gm__ int32_t* v2, __gm__ half* v3) {
  using T = float;

  #if defined(__DAV_CUBE__)
  const int64_t v4 = 0;
  pto::Shape<1, 1, 1, 256, 64> v5 = pto::Shape<1, 1, 1, 256, 64>();
  pto::Stride<16384, 16384, 16384, 64, 1> v6 = pto::Stride<16384, 16384, 16384, 64, 1>();
  GlobalTensor<half, pto::Shape<1, 1, 1, 256, 64>, pto::Stride<16384, 16384, 16384, 64, 1>, pto::Layout::ND> v7 = GlobalTensor<half, pto::Shape<1, 1, 1, 256, 64>, pto::Stride<16384, 16384, 16384, 64, 1>, pto::Layout::ND>((__gm__ half*) v1, v5, v6);
  pto::Shape<1, 1, 1, 1, 16> v8 = pto::Shape<1, 1, 1, 1, 16>();
  pto::Stride<64, 64, 64, 64, 1> v9 = pto::Stride<64, 64, 64, 64, 1>();
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 16>, pto::Stride<64, 64, 64, 64, 1>, pto::Layout::ND> v10 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 16>, pto::Stride<64, 64, 64, 64, 1>, pto::Layout::ND>((__gm__ int32_t*) v2, v8, v9);
  pto::Shape<1, 1, 1, 16, 64> v11 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v12 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v13 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ int32_t*) v2, v11, v12);
  pto::Shape<1, 1, 1, 1, 1024> v14 = pto::Shape<1, 1, 1, 1, 1024>();
  pto::Stride<1024, 1024, 1024, 1024, 1> v15 = pto::Stride<1024, 1024, 1024, 1024, 1>();
  GlobalTensor<half, pto::Shape<1, 1, 1, 1, 1024>, pto::Stride<1024, 1024, 1024, 1024, 1>, pto::Layout::ND> v16 = GlobalTensor<half, pto::Shape<1, 1, 1, 1, 1024>, pto::Stride<1024, 1024, 1024, 1024, 1>, pto::Layout::ND>((__gm__ half*) v3, v14, v15);
  Tile<TileType::Mat, half, 16, 64, BLayout::ColMajor, 16, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v17;
  uint64_t v18 = (uint64_t) v4;
  TASSIGN(v17, v18);
  Tile<TileType::Left, half, 16, 64, BLayout::RowMajor, 16, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v19;
  uint64_t v20 = (uint64_t) v4;
  TASSIGN(v19, v20);
  MGATHER<pto::Coalesce::Row>(v17, v7, v10);
  set_flag(PIPE_MTE2, PIPE_MTE1, EVENT_ID0);
  set_flag(PIPE_MTE2, PIPE_S, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_MTE1, EVENT_ID0);
  TMOV(v19, v17);
  set_flag(PIPE_MTE1, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_S, EVENT_ID0);
  wait_flag(PIPE_MTE1, PIPE_MTE2, EVENT_ID0);
  MGATHER<pto::Coalesce::Elem, pto::GatherOOB::Zero>(v17, v7, v13, v16);
  set_flag(PIPE_MTE2, PIPE_MTE1, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_MTE1, EVENT_ID0);
  TMOV(v19, v17);
  dcci((__gm__ void*)0, cache_line_t::ENTIRE_DATA_CACHE);
  dsb((mem_dsb_t)0);
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

