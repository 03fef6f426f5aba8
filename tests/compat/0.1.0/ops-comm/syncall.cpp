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

extern "C" __global__ AICORE void syncall(__gm__ float* v1, __gm__ int32_t* v2, __gm__ int64_t* v3, int32_t v4) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v5 = 1;
  const int64_t v6 = 64;
  const int64_t v7 = 0;
  uint64_t v8 = reinterpret_cast<uint64_t>(v3);
  set_ffts_base_addr(v8);
  pto::Shape<1, 1, 1, 16, 64> v9 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v10 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v11 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v1, v9, v10);
  pto::Shape<1, 1, 1, 1, 64> v12 = pto::Shape<1, 1, 1, 1, 64>(1, 1, 1, 1, 64);
  pto::Stride<-1, -1, -1, -1, -1> v13 = pto::Stride<-1, -1, -1, -1, -1>(64, 64, 64, 64, 1);
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 64>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v14 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 64>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>(v2, v12, v13);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v15;
  uint64_t v16 = (uint64_t) v7;
  TASSIGN(v15, v16);
  TLOAD(v15, v11);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
  TSTORE(v11, v15);
  set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  // ptoc: fence: pto.tstore of line 16 is visible to pto.syncall of line 17; no dcci: transfers by MTE and FIX bypass the data cache
  dsb(DSB_DDR);
  SYNCALL<SyncCoreType::AIVOnly>();
  TLOAD(v15, v11);
  set_flag(PIPE_MTE2, PIPE_S, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_S, EVENT_ID0);
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 16>, pto::Stride<16, 16, 16, 16, 1>, pto::Layout::ND> v17 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 16>, pto::Stride<16, 16, 16, 16, 1>, pto::Layout::ND>(v2);
  SYNCALL<SyncAllMode::Soft, SyncCoreType::AIVOnly>(v17, int32_t{0});
  TSTORE(v11, v15);
  set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  // ptoc: fence: pto.tstore of line 20 is visible to pto.syncall of line 21; no dcci: transfers by MTE and FIX bypass the data cache
  dsb(DSB_DDR);
  SYNCALL<SyncAllMode::Soft, SyncCoreType::AIVOnly>(v14, v4);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

extern "C" __global__ AICORE void syncall_mix(__gm__ int32_t* v1, __gm__ int64_t* v2) {
  using T = float;
  const int64_t v3 = 0;
  const float v4 = 1.0f;
  uint64_t v5 = reinterpret_cast<uint64_t>(v2);
  set_ffts_base_addr(v5);

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v6;
  uint64_t v7 = (uint64_t) v3;
  TASSIGN(v6, v7);
  TEXPANDS(v6, v4);
  SYNCALL<SyncCoreType::Mix>();
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 16>, pto::Stride<16, 16, 16, 16, 1>, pto::Layout::ND> v8 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 16>, pto::Stride<16, 16, 16, 16, 1>, pto::Layout::ND>(v1);
  SYNCALL<SyncAllMode::Soft, SyncCoreType::Mix>(v8, int32_t{0});
  #endif // __DAV_VEC__


  #if defined(__DAV_CUBE__)
  SYNCALL<SyncCoreType::Mix>();
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 16>, pto::Stride<16, 16, 16, 16, 1>, pto::Layout::ND> v9 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 16>, pto::Stride<16, 16, 16, 16, 1>, pto::Layout::ND>(v1);
  SYNCALL<SyncAllMode::Soft, SyncCoreType::Mix>(v9, int32_t{0});
  SYNCALL<SyncCoreType::AICOnly>();
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

