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

extern "C" __global__ AICORE void transfer(__gm__ float* v1, __gm__ float* v2, __gm__ int32_t* v3, __gm__ int32_t* v4) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int32_t v5 = 1;
  const int32_t v6 = 2;
  const int64_t v7 = 0;
  const int64_t v8 = 4096;
  pto::Shape<1, 1, 1, 16, 64> v9 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v10 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v11 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v1, v9, v10);
  pto::Shape<1, 1, 1, 16, 64> v12 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v13 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v14 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v2, v12, v13);
  pto::Shape<1, 1, 1, 1, 1> v15 = pto::Shape<1, 1, 1, 1, 1>();
  pto::Stride<1, 1, 1, 1, 1> v16 = pto::Stride<1, 1, 1, 1, 1>();
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 1>, pto::Stride<1, 1, 1, 1, 1>, pto::Layout::ND> v17 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 1>, pto::Stride<1, 1, 1, 1, 1>, pto::Layout::ND>((__gm__ int32_t*) v3, v15, v16);
  pto::Shape<1, 1, 1, 1, 1> v18 = pto::Shape<1, 1, 1, 1, 1>();
  pto::Stride<1, 1, 1, 1, 1> v19 = pto::Stride<1, 1, 1, 1, 1>();
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 1>, pto::Stride<1, 1, 1, 1, 1>, pto::Layout::ND> v20 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 1>, pto::Stride<1, 1, 1, 1, 1>, pto::Layout::ND>((__gm__ int32_t*) v4, v18, v19);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v21;
  uint64_t v22 = (uint64_t) v7;
  TASSIGN(v21, v22);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v23;
  uint64_t v24 = (uint64_t) v8;
  TASSIGN(v23, v24);
  TLOAD(v21, v11);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TABS(v21, v21);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TSTORE(v11, v21);
  set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  // ptoc: fence: pto.tstore of line 28 is visible to pto.comm.tput of line 29; no dcci: transfers by MTE and FIX bypass the data cache
  dsb(DSB_DDR);
  pto::comm::TPUT(v14, v11, v21);
  set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID2);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID2);
  pipe_barrier(PIPE_MTE2);
  wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID2);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID2);
  pipe_barrier(PIPE_MTE3);
  pto::comm::TPUT<pto::AtomicType::AtomicAdd>(v14, v11, v21, v23);
  pipe_barrier(PIPE_ALL);
  // ptoc: fence: pto.comm.tput of line 30 is visible to pto.comm.tnotify of line 31; no dcci: transfers by MTE and FIX bypass the data cache
  dsb(DSB_DDR);
  pto::comm::NotifyOp v25 = pto::comm::NotifyOp::Set;
  pto::comm::TNOTIFY(v17, v5, v25);
  pto::comm::WaitCmp v26 = pto::comm::WaitCmp::GE;
  pto::comm::TWAIT(v20, v5, v26);
  pto::comm::TGET(v11, v14, v21);
  set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID2);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID2);
  pipe_barrier(PIPE_MTE2);
  wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID2);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID2);
  pipe_barrier(PIPE_MTE3);
  pto::comm::TGET(v11, v14, v21, v23);
  set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  // ptoc: fence: pto.comm.tget of line 34 is visible to pto.tload of line 35; no dcci: transfers by MTE and FIX bypass the data cache
  dsb(DSB_DDR);
  pipe_barrier(PIPE_MTE2);
  TLOAD(v23, v11);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID2);
  pto::comm::WaitCmp v27 = pto::comm::WaitCmp::EQ;
  bool v28 = pto::comm::TTEST(v20, v6, v27);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID2);
  if (v28) {
    TSTORE(v14, v23);
  }
  set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  // ptoc: fence: pto.tstore of line 38 is visible to pto.comm.tnotify of line 40; no dcci: transfers by MTE and FIX bypass the data cache
  dsb(DSB_DDR);
  pto::comm::NotifyOp v29 = pto::comm::NotifyOp::AtomicAdd;
  pto::comm::TNOTIFY(v17, v6, v29);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

