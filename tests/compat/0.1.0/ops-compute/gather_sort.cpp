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

extern "C" __global__ AICORE void gather_sort(__gm__ float* v1, __gm__ int32_t* v2, __gm__ float* v3, __gm__ float* v4, __gm__ uint32_t* v5, __gm__ float* v6, __gm__ float* v7, __gm__ float* v8) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int32_t v9 = 64;
  const int64_t v10 = 0;
  const int64_t v11 = 1024;
  const int64_t v12 = 1536;
  const int64_t v13 = 2048;
  const int64_t v14 = 2560;
  const int64_t v15 = 3584;
  const int64_t v16 = 4096;
  const int64_t v17 = 4608;
  const int64_t v18 = 5120;
  const int64_t v19 = 5632;
  const int64_t v20 = 6656;
  Tile<TileType::Vec, float, 1, 256, BLayout::RowMajor, 1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v21;
  uint64_t v22 = (uint64_t) v10;
  TASSIGN(v21, v22);
  Tile<TileType::Vec, int32_t, 1, 128, BLayout::RowMajor, 1, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v23;
  uint64_t v24 = (uint64_t) v11;
  TASSIGN(v23, v24);
  Tile<TileType::Vec, int32_t, 1, 128, BLayout::RowMajor, 1, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v25;
  uint64_t v26 = (uint64_t) v12;
  TASSIGN(v25, v26);
  Tile<TileType::Vec, float, 1, 128, BLayout::RowMajor, 1, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v27;
  uint64_t v28 = (uint64_t) v13;
  TASSIGN(v27, v28);
  Tile<TileType::Vec, float, 2, 128, BLayout::RowMajor, 2, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v29;
  uint64_t v30 = (uint64_t) v14;
  TASSIGN(v29, v30);
  Tile<TileType::Vec, float, 1, 128, BLayout::RowMajor, 1, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v31;
  uint64_t v32 = (uint64_t) v15;
  TASSIGN(v31, v32);
  Tile<TileType::Vec, float, 1, 128, BLayout::RowMajor, 1, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v33;
  uint64_t v34 = (uint64_t) v16;
  TASSIGN(v33, v34);
  Tile<TileType::Vec, uint32_t, 1, 128, BLayout::RowMajor, 1, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v35;
  uint64_t v36 = (uint64_t) v17;
  TASSIGN(v35, v36);
  Tile<TileType::Vec, float, 1, 128, BLayout::RowMajor, 1, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v37;
  uint64_t v38 = (uint64_t) v18;
  TASSIGN(v37, v38);
  Tile<TileType::Vec, float, 1, 256, BLayout::RowMajor, 1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v39;
  uint64_t v40 = (uint64_t) v19;
  TASSIGN(v39, v40);
  Tile<TileType::Vec, float, 1, 256, BLayout::RowMajor, 1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v41;
  uint64_t v42 = (uint64_t) v20;
  TASSIGN(v41, v42);
  pto::Shape<1, 1, 1, 1, 256> v43 = pto::Shape<1, 1, 1, 1, 256>();
  pto::Stride<256, 256, 256, 256, 1> v44 = pto::Stride<256, 256, 256, 256, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 256>, pto::Stride<256, 256, 256, 256, 1>, pto::Layout::ND> v45 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 256>, pto::Stride<256, 256, 256, 256, 1>, pto::Layout::ND>((__gm__ float*) v1, v43, v44);
  pto::Shape<1, 1, 1, 1, 128> v46 = pto::Shape<1, 1, 1, 1, 128>();
  pto::Stride<128, 128, 128, 128, 1> v47 = pto::Stride<128, 128, 128, 128, 1>();
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v48 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>((__gm__ int32_t*) v2, v46, v47);
  pto::Shape<1, 1, 1, 2, 128> v49 = pto::Shape<1, 1, 1, 2, 128>();
  pto::Stride<256, 256, 256, 128, 1> v50 = pto::Stride<256, 256, 256, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 2, 128>, pto::Stride<256, 256, 256, 128, 1>, pto::Layout::ND> v51 = GlobalTensor<float, pto::Shape<1, 1, 1, 2, 128>, pto::Stride<256, 256, 256, 128, 1>, pto::Layout::ND>((__gm__ float*) v3, v49, v50);
  pto::Shape<1, 1, 1, 1, 128> v52 = pto::Shape<1, 1, 1, 1, 128>();
  pto::Stride<128, 128, 128, 128, 1> v53 = pto::Stride<128, 128, 128, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v54 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>((__gm__ float*) v4, v52, v53);
  pto::Shape<1, 1, 1, 1, 128> v55 = pto::Shape<1, 1, 1, 1, 128>();
  pto::Stride<128, 128, 128, 128, 1> v56 = pto::Stride<128, 128, 128, 128, 1>();
  GlobalTensor<uint32_t, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v57 = GlobalTensor<uint32_t, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>((__gm__ uint32_t*) v5, v55, v56);
  pto::Shape<1, 1, 1, 1, 128> v58 = pto::Shape<1, 1, 1, 1, 128>();
  pto::Stride<128, 128, 128, 128, 1> v59 = pto::Stride<128, 128, 128, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v60 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>((__gm__ float*) v6, v58, v59);
  pto::Shape<1, 1, 1, 1, 128> v61 = pto::Shape<1, 1, 1, 1, 128>();
  pto::Stride<128, 128, 128, 128, 1> v62 = pto::Stride<128, 128, 128, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v63 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>((__gm__ float*) v7, v61, v62);
  pto::Shape<1, 1, 1, 1, 256> v64 = pto::Shape<1, 1, 1, 1, 256>();
  pto::Stride<256, 256, 256, 256, 1> v65 = pto::Stride<256, 256, 256, 256, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 256>, pto::Stride<256, 256, 256, 256, 1>, pto::Layout::ND> v66 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 256>, pto::Stride<256, 256, 256, 256, 1>, pto::Layout::ND>((__gm__ float*) v8, v64, v65);
  TLOAD(v21, v45);
  TLOAD(v23, v48);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TLOAD(v29, v51);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  TLOAD(v33, v54);
  TLOAD(v35, v57);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID2);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TGATHER(v27, v21, v23, v25);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TGATHER<Tile<TileType::Vec, float, 1, 128, BLayout::RowMajor, 1, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, Tile<TileType::Vec, float, 1, 256, BLayout::RowMajor, 1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, MaskPattern::P0101>(v31, v21);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  pipe_barrier(PIPE_V);
  TGATHER<Tile<TileType::Vec, float, 1, 128, BLayout::RowMajor, 1, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, Tile<TileType::Vec, float, 2, 128, BLayout::RowMajor, 2, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, MaskPattern::P1010, GatherAxis::GATHER_COL>(v31, v29);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID1);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID2);
  TSORT32(v39, v33, v35);
  pipe_barrier(PIPE_V);
  TSORT32(v39, v33, v35, v37);
  pipe_barrier(PIPE_V);
  TMRGSORT(v41, v39, v9);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID2);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TSTORE(v60, v27);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID1);
  TSTORE(v63, v31);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID2);
  TSTORE(v66, v41);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

