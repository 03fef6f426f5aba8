/*
 * Stand-in for the pto-isa header: declares the API the emitter prints and nothing else, so that emitted files can be
 * compiled with -fsyntax-only where the real headers are absent. It checks what a compiler can: names, template
 * argument lists, argument kinds (tile, global tensor, scalar), constructor arities, lvalue arguments. No behaviour.
 */
#ifndef PTO_STUB_INST_HPP
#define PTO_STUB_INST_HPP

#include <cstdint>
#include <type_traits>

#define AICORE
#define __global__
#define __gm__
#define __ubuf__
#define __cbuf__
#define __ca__
#define __cb__
#define __cc__
#define __fbuf__

struct half {
	half() = default;
	half(float);
	operator float() const;
};
struct bfloat16_t {
	bfloat16_t() = default;
	bfloat16_t(float);
	operator float() const;
};

enum pipe_t { PIPE_S, PIPE_V, PIPE_M, PIPE_MTE1, PIPE_MTE2, PIPE_MTE3, PIPE_FIX, PIPE_ALL };
enum event_t { EVENT_ID0, EVENT_ID1, EVENT_ID2, EVENT_ID3, EVENT_ID4, EVENT_ID5, EVENT_ID6, EVENT_ID7 };
enum mem_dsb_t { DSB_ALL, DSB_DDR, DSB_UB, DSB_SEQ };
enum class cache_line_t { SINGLE_CACHE_LINE, ENTIRE_DATA_CACHE };

void set_flag(pipe_t src, pipe_t dst, event_t id);
void wait_flag(pipe_t src, pipe_t dst, event_t id);
void pipe_barrier(pipe_t p);
void dsb(mem_dsb_t kind);
void dcci(__gm__ void *p, cache_line_t what);
void set_mask_norm();
void set_vector_mask(uint64_t hi, uint64_t lo);
int64_t get_block_idx();
int64_t get_block_num();
int64_t get_subblockid();
int64_t get_subblockdim();
void set_ffts_base_addr(uint64_t addr);
void trap();
namespace cce {
template <typename... V>
void printf(const char *format, V...);
}

namespace pto {

enum class TileType { Vec, Mat, Left, Right, Acc, Bias, Scaling };
enum class BLayout { RowMajor, ColMajor };
enum class SLayout { NoneBox, RowMajor, ColMajor };
enum class PadValue { Null, Zero, Max, Min };
enum class CompactMode { Null, Normal, RowPlusOne };
enum class Layout { ND, DN, NZ };
enum class RoundMode { CAST_NONE, CAST_RINT, CAST_ROUND, CAST_FLOOR, CAST_CEIL, CAST_TRUNC, CAST_ODD };
enum class SaturationMode { ON, OFF };
enum class CmpMode { EQ, NE, LT, LE, GT, GE };
enum class MaskPattern { P0101 = 1, P1010, P0001, P0010, P0100, P1000, P1111 };
enum class GatherAxis { GATHER_ROW, GATHER_COL };
enum class AccPhase { Unspecified, Partial, Final };
enum class STPhase { Unspecified, Partial, Final };
enum class AtomicType { AtomicNone, AtomicAdd };
enum class ReluPreMode { NoRelu, NormalRelu };
enum class DivAlgorithm { DEFAULT, HIGH_PRECISION };
enum class ExpAlgorithm { DEFAULT, HIGH_PRECISION };
enum class LogAlgorithm { DEFAULT, HIGH_PRECISION };
enum class SqrtAlgorithm { DEFAULT, HIGH_PRECISION };
enum class RsqrtAlgorithm { DEFAULT, HIGH_PRECISION };
enum class RecipAlgorithm { DEFAULT, HIGH_PRECISION };

struct MrgSortExecutedNumList {
	uint16_t list0, list1, list2, list3;
};

/* A tile takes its dynamic valid extents, and only those, in the constructor. */
template <TileType K, typename T, int R, int C, BLayout B, int VR, int VC, SLayout S, int F, PadValue P, CompactMode M>
struct Tile {
	using DType = T;
	static constexpr bool stub_tile = true;
	static constexpr TileType kind = K;
	static constexpr bool two = VR == -1 && VC == -1, one = (VR == -1) != (VC == -1);
	static_assert(R > 0 && C > 0 && VR <= R && VC <= C, "shape");
	Tile() = default;
	template <typename X, typename = std::enable_if_t<std::is_integral_v<X> && one>>
	explicit Tile(X extent);
	template <typename X, typename Y, typename = std::enable_if_t<std::is_integral_v<X> && std::is_integral_v<Y> && two>>
	Tile(X rows, Y cols);
	T *data();
	int64_t GetValidRow() const;
	int64_t GetValidCol() const;
	void SetValidShape(int64_t rows, int64_t cols);
	T GetValue(int64_t offset) const;
	void SetValue(int64_t offset, T value);
};

template <int64_t... D>
constexpr bool any_dynamic = ((D == -1) || ...);

/* Five run-time values are given exactly when an extent is dynamic. */
template <int64_t A, int64_t B, int64_t C, int64_t D, int64_t E>
struct Shape {
	template <bool dynamic = any_dynamic<A, B, C, D, E>, typename = std::enable_if_t<!dynamic>>
	Shape() {}
	Shape(int64_t, int64_t, int64_t, int64_t, int64_t);
};
template <int64_t A, int64_t B, int64_t C, int64_t D, int64_t E>
struct Stride {
	template <bool dynamic = any_dynamic<A, B, C, D, E>, typename = std::enable_if_t<!dynamic>>
	Stride() {}
	Stride(int64_t, int64_t, int64_t, int64_t, int64_t);
};

template <typename T, typename ShapeT, typename StrideT, Layout L>
struct GlobalTensor {
	using DType = T;
	static constexpr bool stub_global = true;
	GlobalTensor(__gm__ T *p);
	GlobalTensor(__gm__ T *p, const ShapeT &shape, const StrideT &stride);
	__gm__ T *data();
	int64_t GetShape(int dim);
	int64_t GetStride(int dim);
};

template <typename X, typename = void>
struct is_tile : std::false_type {};
template <typename X>
struct is_tile<X, std::void_t<decltype(X::stub_tile)>> : std::true_type {};
template <typename X, typename = void>
struct is_global : std::false_type {};
template <typename X>
struct is_global<X, std::void_t<decltype(X::stub_global)>> : std::true_type {};

#define TILE(X) static_assert(is_tile<X>::value, #X " is a tile")
#define GLOBAL(X) static_assert(is_global<X>::value, #X " is a global tensor")
#define SCALAR(X) static_assert(!is_tile<X>::value && !is_global<X>::value && std::is_convertible_v<X, float>, #X " is a scalar")

template <typename D>
void TASSIGN(D &, uint64_t)
{
	TILE(D);
}
template <typename D, typename G>
void TLOAD(D &, G &)
{
	TILE(D);
	GLOBAL(G);
}

/* dst, src / dst, a, b / dst, a, b, c: all tiles */
#define TILES2(NAME)                                                                                                   \
	template <typename D, typename A>                                                                              \
	void NAME(D &, A &)                                                                                            \
	{                                                                                                              \
		TILE(D);                                                                                               \
		TILE(A);                                                                                               \
	}
#define TILES3(NAME)                                                                                                   \
	template <typename D, typename A, typename B>                                                                  \
	void NAME(D &, A &, B &)                                                                                       \
	{                                                                                                              \
		TILE(D);                                                                                               \
		TILE(A);                                                                                               \
		TILE(B);                                                                                               \
	}
#define TILES4(NAME)                                                                                                   \
	template <typename D, typename A, typename B, typename C>                                                      \
	void NAME(D &, A &, B &, C &)                                                                                  \
	{                                                                                                              \
		TILE(D);                                                                                               \
		TILE(A);                                                                                               \
		TILE(B);                                                                                               \
		TILE(C);                                                                                               \
	}
/* dst, src, scalar */
#define TILE_SCALAR(NAME)                                                                                              \
	template <typename D, typename A, typename S>                                                                  \
	void NAME(D &, A &, S)                                                                                         \
	{                                                                                                              \
		TILE(D);                                                                                               \
		TILE(A);                                                                                               \
		SCALAR(S);                                                                                             \
	}
#define PRECISE2(NAME, ALG)                                                                                            \
	template <ALG Which, typename D, typename A>                                                                   \
	void NAME(D &, A &)                                                                                            \
	{                                                                                                              \
		TILE(D);                                                                                               \
		TILE(A);                                                                                               \
	}
#define PRECISE3(NAME, ALG)                                                                                            \
	template <ALG Which, typename D, typename A, typename B>                                                       \
	void NAME(D &, A &, B &)                                                                                       \
	{                                                                                                              \
		TILE(D);                                                                                               \
		TILE(A);                                                                                               \
		TILE(B);                                                                                               \
	}

TILES2(TABS)
TILES2(TEXP)
TILES2(TLOG)
TILES2(TNEG)
TILES2(TRECIP)
TILES2(TRELU)
TILES2(TRSQRT)
TILES2(TSQRT)
TILES2(TROWEXPAND)
TILES2(TMOV)
TILES3(TADD)
TILES3(TSUB)
TILES3(TMUL)
TILES3(TDIV)
TILES3(TMAX)
TILES3(TCOLEXPANDMUL)
TILES3(TROWEXPANDDIV)
TILES3(TROWEXPANDMUL)
TILES3(TROWEXPANDSUB)
TILES4(TROWEXPANDDIV)
TILES4(TROWEXPANDMUL)
TILES4(TROWEXPANDSUB)
TILES3(TROWMAX)
TILES3(TROWSUM)
TILES3(TRSQRT)
TILES3(TSORT32)
TILES4(TSORT32)
TILES3(TMATMUL)
TILES4(TMATMUL_ACC)
TILES3(TGATHER)
TILES4(TGATHER)
TILE_SCALAR(TADDS)
TILE_SCALAR(TMULS)
TILE_SCALAR(TMRGSORT)
PRECISE2(TEXP, ExpAlgorithm)
PRECISE2(TLOG, LogAlgorithm)
PRECISE2(TSQRT, SqrtAlgorithm)
PRECISE2(TRECIP, RecipAlgorithm)
PRECISE3(TRSQRT, RsqrtAlgorithm)
PRECISE3(TDIV, DivAlgorithm)
PRECISE3(TROWEXPANDDIV, DivAlgorithm)
PRECISE3(TMATMUL, AccPhase)

template <DivAlgorithm Which, typename D, typename A, typename B, typename C>
void TROWEXPANDDIV(D &, A &, B &, C &);
template <AccPhase Which, typename D, typename A, typename B, typename C>
void TMATMUL_ACC(D &, A &, B &, C &);

template <typename D, typename S>
void TEXPANDS(D &, S)
{
	TILE(D);
	SCALAR(S);
}
template <typename D, typename S, int Descending>
void TCI(D &, S)
{
	TILE(D);
	static_assert(std::is_same_v<typename D::DType, S>, "the ramp starts with an element");
}
template <typename D, typename W, typename S, int Descending>
void TCI(D &, S, W &)
{
	TILE(D);
	TILE(W);
}
template <typename D, typename A>
void TCVT(D &, A &, RoundMode, SaturationMode)
{
	TILE(D);
	TILE(A);
}
template <typename D, typename A, typename W>
void TCVT(D &, A &, W &, RoundMode, SaturationMode)
{
	TILE(D);
	TILE(A);
	TILE(W);
}
template <typename D, typename A>
void TEXTRACT(D &, A &, uint16_t, uint16_t)
{
	TILE(D);
	TILE(A);
}
template <typename D, typename A>
void TINSERT(D &, A &, uint16_t, uint16_t)
{
	TILE(D);
	TILE(A);
}
template <typename D, typename A, ReluPreMode Relu>
void TEXTRACT(D &, A &, uint16_t, uint16_t);
template <typename D, typename A>
void TEXTRACT(D &, A &, uint64_t, uint16_t, uint16_t);
template <typename D, typename A, ReluPreMode Relu>
void TEXTRACT(D &, A &, uint64_t, uint16_t, uint16_t);
template <typename D, typename A, typename F>
void TEXTRACT_FP(D &, A &, F &, uint16_t, uint16_t);
template <typename D, typename A, typename F, ReluPreMode Relu>
void TEXTRACT_FP(D &, A &, F &, uint16_t, uint16_t);

template <typename D, typename A, MaskPattern M, GatherAxis X = GatherAxis::GATHER_ROW>
void TGATHER(D &, A &)
{
	TILE(D);
	TILE(A);
}
template <typename D, typename A, typename K, typename N, typename W, CmpMode C>
void TGATHER(D &, A &, K &, W &, N &, int32_t);

template <typename D, typename W, typename A, typename B, bool Exhausted>
void TMRGSORT(D &, MrgSortExecutedNumList &, W &, A &, B &);
template <typename D, typename W, typename A, typename B, typename C, bool Exhausted>
void TMRGSORT(D &, MrgSortExecutedNumList &, W &, A &, B &, C &);
template <typename D, typename W, typename A, typename B, typename C, typename E, bool Exhausted>
void TMRGSORT(D &, MrgSortExecutedNumList &, W &, A &, B &, C &, E &);

template <typename D, typename A, ReluPreMode Relu>
void TMOV(D &, A &);
template <typename D, typename A>
void TMOV(D &, A &, uint64_t);
template <typename D, typename A, ReluPreMode Relu>
void TMOV(D &, A &, uint64_t);
template <typename D, typename A, typename F>
void TMOV_FP(D &, A &, F &);
template <typename D, typename A, typename F, ReluPreMode Relu>
void TMOV_FP(D &, A &, F &);

template <typename G, typename A>
void TSTORE(G &, A &)
{
	GLOBAL(G);
	TILE(A);
}
template <STPhase Phase, typename G, typename A>
void TSTORE(G &, A &);
template <typename A, typename G, AtomicType Atomic>
void TSTORE(G &, A &)
{
	GLOBAL(G);
	TILE(A);
}
template <STPhase Phase, typename A, typename G, AtomicType Atomic>
void TSTORE(G &, A &);
template <typename A, typename G, AtomicType Atomic, ReluPreMode Relu>
void TSTORE(G &, A &);
template <STPhase Phase, typename A, typename G, AtomicType Atomic, ReluPreMode Relu>
void TSTORE(G &, A &);
template <typename A, typename G, AtomicType Atomic, ReluPreMode Relu>
void TSTORE(G &, A &, uint64_t);
template <STPhase Phase, typename A, typename G, AtomicType Atomic, ReluPreMode Relu>
void TSTORE(G &, A &, uint64_t);
template <typename G, typename A, typename F>
void TSTORE_FP(G &, A &, F &);
template <typename A, typename G, typename F, AtomicType Atomic, ReluPreMode Relu>
void TSTORE_FP(G &, A &, F &);

namespace comm {
enum class NotifyOp { AtomicAdd, Set };
enum class WaitCmp { EQ, NE, GT, GE, LT, LE };
template <typename G, typename S>
void TNOTIFY(G &, S, NotifyOp)
{
	GLOBAL(G);
	SCALAR(S);
}
template <typename G, typename S>
void TWAIT(G &, S, WaitCmp)
{
	GLOBAL(G);
	SCALAR(S);
}
} // namespace comm

#include "pto/compute.hpp"
#include "pto/move.hpp"
#include "pto/cross.hpp"

#undef SCALAR_TILE
#undef TILE_SCALAR_TILE
#undef TILE
#undef GLOBAL
#undef SCALAR
#undef TILES2
#undef TILES3
#undef TILES4
#undef TILE_SCALAR
#undef PRECISE2
#undef PRECISE3

} // namespace pto

#endif
