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

extern "C" __global__ AICORE void matmul_kloop(__gm__ half* v1, __gm__ half* v2, __gm__ float* v3, int64_t v4, int64_t v5) {
  using T = float;

  #if defined(__DAV_CUBE__)
  const int64_t v6 = 0;
  const int64_t v7 = 64;
  const int64_t v8 = 128;
  const int64_t v9 = 256;
  const int64_t v10 = 0;
  const int64_t v11 = 16384;
  const int64_t v12 = 65536;
  Tile<TileType::Mat, half, 128, 256, BLayout::ColMajor, 128, 256, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v13;
  uint64_t v14 = (uint64_t) v10;
  TASSIGN(v13, v14);
  Tile<TileType::Mat, half, 256, 128, BLayout::ColMajor, 256, 128, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v15;
  uint64_t v16 = (uint64_t) v12;
  TASSIGN(v15, v16);
  Tile<TileType::Left, half, 128, 64, BLayout::RowMajor, 128, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v17;
  uint64_t v18 = (uint64_t) v10;
  TASSIGN(v17, v18);
  Tile<TileType::Right, half, 64, 128, BLayout::RowMajor, 64, 128, SLayout::ColMajor, 512, PadValue::Null, CompactMode::Null> v19;
  uint64_t v20 = (uint64_t) v10;
  TASSIGN(v19, v20);
  Tile<TileType::Left, half, 128, 64, BLayout::RowMajor, 128, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v21;
  uint64_t v22 = (uint64_t) v11;
  TASSIGN(v21, v22);
  Tile<TileType::Right, half, 64, 128, BLayout::RowMajor, 64, 128, SLayout::ColMajor, 512, PadValue::Null, CompactMode::Null> v23;
  uint64_t v24 = (uint64_t) v11;
  TASSIGN(v23, v24);
  Tile<TileType::Acc, float, 128, 128, BLayout::ColMajor, 128, 128, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v25;
  uint64_t v26 = (uint64_t) v10;
  TASSIGN(v25, v26);
  int64_t v27 = get_block_idx();
  int64_t v28 = (int64_t) ((uint64_t) v27 * (uint64_t) v8);
  set_flag(PIPE_MTE1, PIPE_MTE2, EVENT_ID0);
  set_flag(PIPE_M, PIPE_MTE1, EVENT_ID0);
  set_flag(PIPE_M, PIPE_MTE1, EVENT_ID1);
  for (int64_t v29 = v6; v29 < v5; v29 += v9) {
    pto::Shape<1, 1, 1, 128, 256> v30 = pto::Shape<1, 1, 1, 128, 256>(1, 1, 1, 128, 256);
    pto::Stride<-1, -1, -1, -1, -1> v31 = pto::Stride<-1, -1, -1, -1, -1>(128 * v5, 128 * v5, 128 * v5, v5, 1);
    GlobalTensor<half, pto::Shape<1, 1, 1, 128, 256>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v32 = GlobalTensor<half, pto::Shape<1, 1, 1, 128, 256>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>((__gm__ half*) v1 + (v28 * v5 + v29), v30, v31);
    pto::Shape<1, 1, 1, 256, 128> v33 = pto::Shape<1, 1, 1, 256, 128>();
    pto::Stride<32768, 32768, 32768, 128, 1> v34 = pto::Stride<32768, 32768, 32768, 128, 1>();
    GlobalTensor<half, pto::Shape<1, 1, 1, 256, 128>, pto::Stride<32768, 32768, 32768, 128, 1>, pto::Layout::ND> v35 = GlobalTensor<half, pto::Shape<1, 1, 1, 256, 128>, pto::Stride<32768, 32768, 32768, 128, 1>, pto::Layout::ND>((__gm__ half*) v2 + (v29 * 128), v33, v34);
    wait_flag(PIPE_MTE1, PIPE_MTE2, EVENT_ID0);
    TLOAD(v13, v32);
    TLOAD(v15, v35);
    set_flag(PIPE_MTE2, PIPE_MTE1, EVENT_ID0);
    wait_flag(PIPE_MTE2, PIPE_MTE1, EVENT_ID0);
    for (int64_t v36 = v6; v36 < v9; v36 += v8) {
      int64_t v37 = (int64_t) ((uint64_t) v36 + (uint64_t) v7);
      wait_flag(PIPE_M, PIPE_MTE1, EVENT_ID0);
      TEXTRACT(v17, v13, v6, v36);
      TEXTRACT(v19, v15, v36, v6);
      set_flag(PIPE_MTE1, PIPE_M, EVENT_ID0);
      wait_flag(PIPE_MTE1, PIPE_M, EVENT_ID0);
      if ((int64_t) ((uint64_t) v29 + (uint64_t) v36) == v6) {
        TMATMUL(v25, v17, v19);
      } else {
        TMATMUL_ACC(v25, v25, v17, v19);
      }
      set_flag(PIPE_M, PIPE_MTE1, EVENT_ID0);
      wait_flag(PIPE_M, PIPE_MTE1, EVENT_ID1);
      TEXTRACT(v21, v13, v6, v37);
      TEXTRACT(v23, v15, v37, v6);
      set_flag(PIPE_MTE1, PIPE_M, EVENT_ID1);
      wait_flag(PIPE_MTE1, PIPE_M, EVENT_ID1);
      TMATMUL_ACC(v25, v25, v21, v23);
      set_flag(PIPE_M, PIPE_MTE1, EVENT_ID1);
    }
    set_flag(PIPE_MTE1, PIPE_MTE2, EVENT_ID0);
  }
  wait_flag(PIPE_MTE1, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_M, PIPE_MTE1, EVENT_ID0);
  wait_flag(PIPE_M, PIPE_MTE1, EVENT_ID1);
  set_flag(PIPE_M, PIPE_FIX, EVENT_ID0);
  pto::Shape<1, 1, 1, 128, 128> v38 = pto::Shape<1, 1, 1, 128, 128>();
  pto::Stride<16384, 16384, 16384, 128, 1> v39 = pto::Stride<16384, 16384, 16384, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 128, 128>, pto::Stride<16384, 16384, 16384, 128, 1>, pto::Layout::ND> v40 = GlobalTensor<float, pto::Shape<1, 1, 1, 128, 128>, pto::Stride<16384, 16384, 16384, 128, 1>, pto::Layout::ND>((__gm__ float*) v3 + (v28 * 128), v38, v39);
  wait_flag(PIPE_M, PIPE_FIX, EVENT_ID0);
  TSTORE(v40, v25);
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

