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

extern "C" __global__ AICORE void collective(__gm__ float* v1, __gm__ float* v2, __gm__ float* v3, __gm__ float* v4) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v5 = 0;
  const int64_t v6 = 512;
  const int64_t v7 = 1024;
  pto::Shape<1, 1, 1, 1, 128> v8 = pto::Shape<1, 1, 1, 1, 128>();
  pto::Stride<128, 128, 128, 128, 1> v9 = pto::Stride<128, 128, 128, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v10 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>((__gm__ float*) v1, v8, v9);
  pto::Shape<1, 1, 1, 1, 128> v11 = pto::Shape<1, 1, 1, 1, 128>();
  pto::Stride<128, 128, 128, 128, 1> v12 = pto::Stride<128, 128, 128, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v13 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>((__gm__ float*) v2, v11, v12);
  pto::Shape<1, 1, 1, 1, 128> v14 = pto::Shape<1, 1, 1, 1, 128>();
  pto::Stride<128, 128, 128, 128, 1> v15 = pto::Stride<128, 128, 128, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v16 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>((__gm__ float*) v3, v14, v15);
  pto::Shape<1, 1, 1, 2, 128> v17 = pto::Shape<1, 1, 1, 2, 128>();
  pto::Stride<256, 256, 256, 128, 1> v18 = pto::Stride<256, 256, 256, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 2, 128>, pto::Stride<256, 256, 256, 128, 1>, pto::Layout::ND> v19 = GlobalTensor<float, pto::Shape<1, 1, 1, 2, 128>, pto::Stride<256, 256, 256, 128, 1>, pto::Layout::ND>((__gm__ float*) v4, v17, v18);
  Tile<TileType::Vec, float, 1, 128, BLayout::RowMajor, 1, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v20;
  uint64_t v21 = (uint64_t) v5;
  TASSIGN(v20, v21);
  Tile<TileType::Vec, float, 1, 128, BLayout::RowMajor, 1, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v22;
  uint64_t v23 = (uint64_t) v6;
  TASSIGN(v22, v23);
  Tile<TileType::Vec, float, 1, 128, BLayout::RowMajor, 1, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v24;
  uint64_t v25 = (uint64_t) v7;
  TASSIGN(v24, v25);
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v26[2] = {v13, v16};
  pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>> v27 = pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>>::Create(v26, 2, 0);
  pto::comm::TBROADCAST(v27, v10, v20);
  set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID3);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID3);
  pipe_barrier(PIPE_MTE2);
  wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID3);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID3);
  pipe_barrier(PIPE_MTE3);
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v28[2] = {v13, v16};
  pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>> v29 = pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>>::Create(v28, 2, 1);
  pto::comm::TBROADCAST(v29, v10, v20, v22);
  set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID4);
  wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  // ptoc: fence: pto.comm.tbroadcast of line 28 is visible to pto.comm.tgather of line 29; no dcci: transfers by MTE and FIX bypass the data cache
  dsb(DSB_DDR);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID4);
  pipe_barrier(PIPE_MTE2);
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v30[2] = {v13, v16};
  pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>> v31 = pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>>::Create(v30, 2, 0);
  pto::comm::TGATHER(v31, v19, v20);
  set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID3);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID3);
  pipe_barrier(PIPE_MTE2);
  wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID3);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID3);
  pipe_barrier(PIPE_MTE3);
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v32[2] = {v13, v16};
  pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>> v33 = pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>>::Create(v32, 2, 0);
  pto::comm::TGATHER(v33, v19, v20, v22);
  set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID4);
  wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  // ptoc: fence: pto.comm.tgather of line 30 is visible to pto.comm.tscatter of line 31; no dcci: transfers by MTE and FIX bypass the data cache
  dsb(DSB_DDR);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID4);
  pipe_barrier(PIPE_MTE2);
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v34[2] = {v13, v16};
  pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>> v35 = pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>>::Create(v34, 2, 0);
  pto::comm::TSCATTER(v35, v19, v20);
  set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID3);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID3);
  pipe_barrier(PIPE_MTE2);
  wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID3);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID3);
  pipe_barrier(PIPE_MTE3);
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v36[2] = {v13, v16};
  pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>> v37 = pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>>::Create(v36, 2, 0);
  pto::comm::TSCATTER(v37, v19, v20, v22);
  set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID3);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID4);
  wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  // ptoc: fence: pto.comm.tscatter of line 32 is visible to pto.comm.treduce of line 33; no dcci: transfers by MTE and FIX bypass the data cache
  dsb(DSB_DDR);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID3);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID4);
  pipe_barrier(PIPE_MTE2);
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v38[2] = {v13, v16};
  pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>> v39 = pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>>::Create(v38, 2, 0);
  pto::comm::ReduceOp v40 = pto::comm::ReduceOp::Sum;
  pto::comm::TREDUCE(v39, v10, v24, v20, v40);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID4);
  set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID3);
  set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID3);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID3);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID3);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID4);
  pipe_barrier(PIPE_V);
  wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  pipe_barrier(PIPE_MTE2);
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID3);
  wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID3);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID3);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID3);
  pipe_barrier(PIPE_MTE3);
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v41[2] = {v13, v16};
  pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>> v42 = pto::comm::ParallelGroup<GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>>::Create(v41, 2, 1);
  pto::comm::ReduceOp v43 = pto::comm::ReduceOp::Max;
  pto::comm::TREDUCE(v42, v10, v24, v20, v22, v43);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

