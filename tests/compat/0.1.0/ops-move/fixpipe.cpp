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

extern "C" __global__ AICORE void fixpipe(__gm__ float* v1, __gm__ half* v2, __gm__ int8_t* v3) {
  using T = float;

  #if defined(__DAV_CUBE__)
  const int64_t v4 = 0;
  const int64_t v5 = 16;
  const int64_t v6 = 32;
  const int64_t v7 = 1065353216;
  const int64_t v8 = 0;
  const int64_t v9 = 2048;
  const int64_t v10 = 8192;
  const int64_t v11 = 16384;
  const int64_t v12 = 24576;
  pto::Shape<1, 1, 1, 16, 32> v13 = pto::Shape<1, 1, 1, 16, 32>();
  pto::Stride<512, 512, 512, 32, 1> v14 = pto::Stride<512, 512, 512, 32, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND> v15 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND>((__gm__ float*) v1, v13, v14);
  pto::Shape<1, 1, 1, 16, 32> v16 = pto::Shape<1, 1, 1, 16, 32>();
  pto::Stride<512, 512, 512, 32, 1> v17 = pto::Stride<512, 512, 512, 32, 1>();
  GlobalTensor<half, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND> v18 = GlobalTensor<half, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND>((__gm__ half*) v2, v16, v17);
  pto::Shape<1, 1, 1, 16, 32> v19 = pto::Shape<1, 1, 1, 16, 32>();
  pto::Stride<512, 512, 512, 32, 1> v20 = pto::Stride<512, 512, 512, 32, 1>();
  GlobalTensor<int8_t, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND> v21 = GlobalTensor<int8_t, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND>((__gm__ int8_t*) v3, v19, v20);
  Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v22;
  uint64_t v23 = (uint64_t) v8;
  TASSIGN(v22, v23);
  Tile<TileType::Acc, int32_t, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v24;
  uint64_t v25 = (uint64_t) v9;
  TASSIGN(v24, v25);
  Tile<TileType::Mat, half, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v26;
  uint64_t v27 = (uint64_t) v8;
  TASSIGN(v26, v27);
  Tile<TileType::Mat, half, 32, 64, BLayout::ColMajor, 32, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v28;
  uint64_t v29 = (uint64_t) v10;
  TASSIGN(v28, v29);
  Tile<TileType::Mat, int8_t, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v30;
  uint64_t v31 = (uint64_t) v9;
  TASSIGN(v30, v31);
  Tile<TileType::Mat, int8_t, 32, 64, BLayout::ColMajor, 32, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v32;
  uint64_t v33 = (uint64_t) v11;
  TASSIGN(v32, v33);
  Tile<TileType::Mat, uint64_t, 1, 32, BLayout::RowMajor, 1, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v34;
  uint64_t v35 = (uint64_t) v12;
  TASSIGN(v34, v35);
  Tile<TileType::Scaling, uint64_t, 1, 32, BLayout::RowMajor, 1, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v36;
  uint64_t v37 = (uint64_t) v8;
  TASSIGN(v36, v37);
  TMOV(v36, v34);
  TMOV(v26, v22);
  pipe_barrier(PIPE_FIX);
  TMOV<Tile<TileType::Mat, half, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null>, Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, ReluPreMode::NormalRelu>(v26, v22);
  TMOV_FP<Tile<TileType::Mat, int8_t, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null>, Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, Tile<TileType::Scaling, uint64_t, 1, 32, BLayout::RowMajor, 1, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>>(v30, v22, v36);
  pipe_barrier(PIPE_FIX);
  uint64_t v38 = (uint64_t) v7;
  TMOV<Tile<TileType::Mat, int8_t, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null>, Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>>(v30, v22, v38);
  TEXTRACT(v26, v22, v4, v4);
  pipe_barrier(PIPE_FIX);
  TEXTRACT<Tile<TileType::Mat, half, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null>, Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, ReluPreMode::NormalRelu>(v26, v22, 0, 0);
  TEXTRACT(v30, v22, v7, 0, 0);
  pipe_barrier(PIPE_FIX);
  TEXTRACT_FP(v30, v22, v36, v4, v4);
  TINSERT(v28, v22, 16, 32);
  TINSERT<Tile<TileType::Mat, half, 32, 64, BLayout::ColMajor, 32, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null>, Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, ReluPreMode::NormalRelu>(v28, v22, 0, 0);
  TINSERT<Tile<TileType::Mat, int8_t, 32, 64, BLayout::ColMajor, 32, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null>, Tile<TileType::Acc, int32_t, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, ReluPreMode::NoRelu>(v32, v24, v7, 0, 0);
  pipe_barrier(PIPE_FIX);
  TINSERT_FP<Tile<TileType::Mat, int8_t, 32, 64, BLayout::ColMajor, 32, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null>, Tile<TileType::Acc, int32_t, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, Tile<TileType::Scaling, uint64_t, 1, 32, BLayout::RowMajor, 1, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, ReluPreMode::NormalRelu>(v32, v24, v36, 0, 0);
  pipe_barrier(PIPE_FIX);
  TINSERT_FP(v32, v24, v36, 0, 0);
  TSTORE<Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND>, AtomicType::AtomicAdd>(v15, v22);
  TSTORE<Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, GlobalTensor<half, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND>, AtomicType::AtomicNone, ReluPreMode::NormalRelu>(v18, v22);
  TSTORE<Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, GlobalTensor<int8_t, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND>, AtomicType::AtomicNone, ReluPreMode::NoRelu>(v21, v22, v38);
  pipe_barrier(PIPE_FIX);
  TSTORE_FP(v21, v22, v36);
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

