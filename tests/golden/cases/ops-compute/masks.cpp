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

extern "C" __global__ AICORE void masks(__gm__ float* v1, __gm__ float* v2, __gm__ float* v3, __gm__ float* v4) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const float v5 = 0.5f;
  const int64_t v6 = 0;
  const int64_t v7 = 4096;
  const int64_t v8 = 8192;
  const int64_t v9 = 12288;
  const int64_t v10 = 12800;
  const int64_t v11 = 12864;
  const int64_t v12 = 13120;
  const int64_t v13 = 13664;
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v14;
  uint64_t v15 = (uint64_t) v6;
  TASSIGN(v14, v15);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v16;
  uint64_t v17 = (uint64_t) v7;
  TASSIGN(v16, v17);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v18;
  uint64_t v19 = (uint64_t) v8;
  TASSIGN(v18, v19);
  Tile<TileType::Vec, uint8_t, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v20;
  uint64_t v21 = (uint64_t) v9;
  TASSIGN(v20, v21);
  Tile<TileType::Vec, int32_t, 1, 16, BLayout::RowMajor, 1, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v22;
  uint64_t v23 = (uint64_t) v10;
  TASSIGN(v22, v23);
  Tile<TileType::Vec, float, 1, 64, BLayout::RowMajor, 1, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v24;
  uint64_t v25 = (uint64_t) v11;
  TASSIGN(v24, v25);
  Tile<TileType::Vec, int8_t, 17, 32, BLayout::RowMajor, 17, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v26;
  uint64_t v27 = (uint64_t) v12;
  TASSIGN(v26, v27);
  Tile<TileType::Vec, uint8_t, 17, 32, BLayout::RowMajor, 17, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v28;
  uint64_t v29 = (uint64_t) v13;
  TASSIGN(v28, v29);
  pto::Shape<1, 1, 1, 16, 64> v30 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v31 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v32 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v1, v30, v31);
  pto::Shape<1, 1, 1, 16, 64> v33 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v34 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v35 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v2, v33, v34);
  pto::Shape<1, 1, 1, 1, 64> v36 = pto::Shape<1, 1, 1, 1, 64>();
  pto::Stride<64, 64, 64, 64, 1> v37 = pto::Stride<64, 64, 64, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 64>, pto::Stride<64, 64, 64, 64, 1>, pto::Layout::ND> v38 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 64>, pto::Stride<64, 64, 64, 64, 1>, pto::Layout::ND>((__gm__ float*) v3, v36, v37);
  pto::Shape<1, 1, 1, 16, 64> v39 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v40 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v41 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v4, v39, v40);
  TLOAD(v14, v32);
  TLOAD(v16, v35);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TLOAD(v24, v38);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  CmpMode v42 = CmpMode::GT;
  TCMP(v20, v14, v16, v42);
  pipe_barrier(PIPE_V);
  TSEL(v18, v20, v14, v16, v22);
  pipe_barrier(PIPE_V);
  CmpMode v43 = CmpMode::LE;
  TCMPS(v20, v14, v5, v43);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  TADDS(v24, v24, v5);
  set_flag(PIPE_V, PIPE_S, EVENT_ID0);
  wait_flag(PIPE_V, PIPE_S, EVENT_ID0);
  TSELS(v18, v20, v14, v24, v5);
  pipe_barrier(PIPE_V);
  CmpMode v44 = CmpMode::EQ;
  TCMPS(v20, v14, v5, v44);
  Tile<TileType::Vec, uint8_t, 17, 32, BLayout::RowMajor, 17, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v45;
  TASSIGN(v45, reinterpret_cast<uint64_t>(v26.data()));
  TPRELU(v18, v14, v16, v45);
  pipe_barrier(PIPE_V);
  TPRELU(v18, v14, v16, v28);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TSTORE(v41, v18);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

