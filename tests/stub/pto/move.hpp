/*
 * move.hpp: stub of the calls of data movement: indexed transfers, windows, prefetches, products of one row. Part of
 * pto-inst.hpp, inside namespace pto.
 */
enum class Coalesce { Row, Elem };
enum class GatherOOB { Undefined, Clamp, Wrap, Zero };
enum class ScatterOOB { Undefined, Skip, Clamp, Wrap };
enum class ScatterAtomicOp { None, Add, Max, Min };

template <Coalesce Mode, GatherOOB Oob = GatherOOB::Undefined, typename D, typename G, typename I>
void MGATHER(D &, G &, I &)
{
	TILE(D);
	GLOBAL(G);
}
template <Coalesce Mode, GatherOOB Oob = GatherOOB::Undefined, typename D, typename G, typename I, typename W>
void MGATHER(D &, G &, I &, W &)
{
	static_assert(D::kind == TileType::Mat && Mode == Coalesce::Elem, "scratch is for elements to L1");
	GLOBAL(G);
	GLOBAL(I);
	GLOBAL(W);
}
template <Coalesce Mode = Coalesce::Row, ScatterAtomicOp Op = ScatterAtomicOp::None,
	  ScatterOOB Oob = ScatterOOB::Undefined, typename G, typename A, typename I>
void MSCATTER(G &, A &, I &)
{
	static_assert(Op == ScatterAtomicOp::None || Op == ScatterAtomicOp::Add, "no other atomic here");
	GLOBAL(G);
	TILE(A);
	TILE(I);
}

/* Events stand last and take any variable: a scalar in front of row and column must not be taken for a row. */
template <typename D, typename A, ReluPreMode Relu, typename... E>
void TINSERT(D &, A &, uint16_t, uint16_t, E &...)
{
	static_assert(sizeof...(E) == 0, "no events are given");
}
template <typename D, typename A, ReluPreMode Relu, typename... E>
void TINSERT(D &, A &, uint64_t, uint16_t, uint16_t, E &...);
template <typename D, typename A, typename F>
void TINSERT_FP(D &, A &, F &, uint16_t, uint16_t);
template <typename D, typename A, typename F, ReluPreMode Relu>
void TINSERT_FP(D &, A &, F &, uint16_t, uint16_t);

template <typename D, typename G>
void TPREFETCH(D &, G &)
{
	static_assert(D::kind == TileType::Vec, "the scratch lies in UB");
	GLOBAL(G);
}
namespace comm {
struct AsyncSession {
};
struct AsyncEvent {
	bool Wait(const AsyncSession &) const;
	bool Test(const AsyncSession &) const;
};
} // namespace comm
struct PrefetchAsyncContext {
	comm::AsyncSession session;
	explicit PrefetchAsyncContext(__gm__ uint8_t *workspace);
};
template <typename G>
comm::AsyncEvent TPREFETCH_ASYNC(G &, PrefetchAsyncContext &)
{
	GLOBAL(G);
	return {};
}

TILES3(TGEMV)
TILES4(TGEMV_ACC)
TILES4(TGEMV_BIAS)
TILES4(TMATMUL_BIAS)
PRECISE3(TGEMV, AccPhase)
template <AccPhase Which, typename D, typename A, typename B, typename C>
void TGEMV_ACC(D &, A &, B &, C &);
template <AccPhase Which, typename D, typename A, typename B, typename C>
void TGEMV_BIAS(D &, A &, B &, C &);
template <AccPhase Which, typename D, typename A, typename B, typename C>
void TMATMUL_BIAS(D &, A &, B &, C &);
