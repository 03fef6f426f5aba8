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

extern "C" __global__ AICORE void rearrange(__gm__ float* v1, __gm__ uint32_t* v2, __gm__ int32_t* v3, __gm__ float* v4, __gm__ float* v5, __gm__ float* v6, __gm__ float* v7, __gm__ float* v8, __gm__ float* v9, __gm__ float* v10) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v11 = 0;
  const int64_t v12 = 4096;
  const int64_t v13 = 8192;
  const int64_t v14 = 12288;
  const int64_t v15 = 18432;
  const int64_t v16 = 18944;
  const int64_t v17 = 23040;
  const int64_t v18 = 27136;
  const int64_t v19 = 31232;
  const int64_t v20 = 39424;
  const int64_t v21 = 47616;
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v22;
  uint64_t v23 = (uint64_t) v11;
  TASSIGN(v22, v23);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v24;
  uint64_t v25 = (uint64_t) v12;
  TASSIGN(v24, v25);
  Tile<TileType::Vec, float, 64, 16, BLayout::RowMajor, 64, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v26;
  uint64_t v27 = (uint64_t) v13;
  TASSIGN(v26, v27);
  Tile<TileType::Vec, float, 64, 24, BLayout::RowMajor, 64, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v28;
  uint64_t v29 = (uint64_t) v14;
  TASSIGN(v28, v29);
  Tile<TileType::Vec, uint32_t, 16, 8, BLayout::RowMajor, 16, 8, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v30;
  uint64_t v31 = (uint64_t) v15;
  TASSIGN(v30, v31);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v32;
  uint64_t v33 = (uint64_t) v16;
  TASSIGN(v32, v33);
  Tile<TileType::Vec, int32_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v34;
  uint64_t v35 = (uint64_t) v17;
  TASSIGN(v34, v35);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v36;
  uint64_t v37 = (uint64_t) v18;
  TASSIGN(v36, v37);
  Tile<TileType::Vec, float, 16, 128, BLayout::RowMajor, 16, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v38;
  uint64_t v39 = (uint64_t) v19;
  TASSIGN(v38, v39);
  Tile<TileType::Vec, float, 32, 64, BLayout::RowMajor, 32, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v40;
  uint64_t v41 = (uint64_t) v20;
  TASSIGN(v40, v41);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v42;
  uint64_t v43 = (uint64_t) v21;
  TASSIGN(v42, v43);
  pto::Shape<1, 1, 1, 16, 64> v44 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v45 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v46 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v1, v44, v45);
  pto::Shape<1, 1, 1, 16, 8> v47 = pto::Shape<1, 1, 1, 16, 8>();
  pto::Stride<128, 128, 128, 8, 1> v48 = pto::Stride<128, 128, 128, 8, 1>();
  GlobalTensor<uint32_t, pto::Shape<1, 1, 1, 16, 8>, pto::Stride<128, 128, 128, 8, 1>, pto::Layout::ND> v49 = GlobalTensor<uint32_t, pto::Shape<1, 1, 1, 16, 8>, pto::Stride<128, 128, 128, 8, 1>, pto::Layout::ND>((__gm__ uint32_t*) v2, v47, v48);
  pto::Shape<1, 1, 1, 16, 64> v50 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v51 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v52 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ int32_t*) v3, v50, v51);
  pto::Shape<1, 1, 1, 64, 16> v53 = pto::Shape<1, 1, 1, 64, 16>();
  pto::Stride<1024, 1024, 1024, 16, 1> v54 = pto::Stride<1024, 1024, 1024, 16, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 64, 16>, pto::Stride<1024, 1024, 1024, 16, 1>, pto::Layout::ND> v55 = GlobalTensor<float, pto::Shape<1, 1, 1, 64, 16>, pto::Stride<1024, 1024, 1024, 16, 1>, pto::Layout::ND>((__gm__ float*) v4, v53, v54);
  pto::Shape<1, 1, 1, 64, 16> v56 = pto::Shape<1, 1, 1, 64, 16>();
  pto::Stride<1024, 1024, 1024, 16, 1> v57 = pto::Stride<1024, 1024, 1024, 16, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 64, 16>, pto::Stride<1024, 1024, 1024, 16, 1>, pto::Layout::ND> v58 = GlobalTensor<float, pto::Shape<1, 1, 1, 64, 16>, pto::Stride<1024, 1024, 1024, 16, 1>, pto::Layout::ND>((__gm__ float*) v5, v56, v57);
  pto::Shape<1, 1, 1, 16, 64> v59 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v60 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v61 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v6, v59, v60);
  pto::Shape<1, 1, 1, 16, 64> v62 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v63 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v64 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v7, v62, v63);
  pto::Shape<1, 1, 1, 16, 128> v65 = pto::Shape<1, 1, 1, 16, 128>();
  pto::Stride<2048, 2048, 2048, 128, 1> v66 = pto::Stride<2048, 2048, 2048, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 128>, pto::Stride<2048, 2048, 2048, 128, 1>, pto::Layout::ND> v67 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 128>, pto::Stride<2048, 2048, 2048, 128, 1>, pto::Layout::ND>((__gm__ float*) v8, v65, v66);
  pto::Shape<1, 1, 1, 32, 64> v68 = pto::Shape<1, 1, 1, 32, 64>();
  pto::Stride<2048, 2048, 2048, 64, 1> v69 = pto::Stride<2048, 2048, 2048, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 32, 64>, pto::Stride<2048, 2048, 2048, 64, 1>, pto::Layout::ND> v70 = GlobalTensor<float, pto::Shape<1, 1, 1, 32, 64>, pto::Stride<2048, 2048, 2048, 64, 1>, pto::Layout::ND>((__gm__ float*) v9, v68, v69);
  pto::Shape<1, 1, 1, 16, 64> v71 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v72 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v73 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v10, v71, v72);
  TLOAD(v22, v46);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TLOAD(v30, v49);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  TLOAD(v34, v52);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID2);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TTRANS(v26, v22, v24);
  TTRANS(v28, v22, v24);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  TGATHERB(v32, v22, v30);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID2);
  TSCATTER(v36, v22, v34);
  TSCATTER<pto::MaskPattern::P0101, pto::ScatterAxis::SCATTER_ROW>(v38, v22);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TSCATTER<pto::MaskPattern::P1010, pto::ScatterAxis::SCATTER_COL>(v40, v22);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID5);
  TSCATTER<pto::MaskPattern::P1111, pto::ScatterAxis::SCATTER_ROW>(v42, v22);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID6);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TSTORE(v55, v26);
  TSTORE(v58, v28);
  TSTORE(v61, v32);
  TSTORE(v64, v36);
  TSTORE(v67, v38);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID5);
  TSTORE(v70, v40);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID6);
  TSTORE(v73, v42);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

