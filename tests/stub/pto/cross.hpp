/*
 * cross.hpp: stub of the calls between cores and cards: cross-core flags, fifos, copies and groups. Part of
 * pto-inst.hpp, inside namespace pto.
 */
enum class SyncAllMode { Hard, Soft };
enum class SyncCoreType { AIVOnly, AICOnly, Mix };
enum { FFTS_MODE_VAL = 2 };
uint16_t getFFTSMsg(uint16_t mode, uint16_t id, uint16_t base = 1);
void __builtin_cce_ffts_cross_core_sync(pipe_t pipe, uint64_t message);
void __builtin_cce_wait_flag_dev(int64_t id);
template <SyncCoreType Core>
void SYNCALL();
template <SyncAllMode Mode, SyncCoreType Core, typename G>
void SYNCALL(G &, int32_t used_cores = 0)
{
	GLOBAL(G);
}

enum class Direction { DIR_C2V = 1, DIR_V2C, DIR_BOTH };
enum class TileSplitAxis { TILE_NO_SPLIT, TILE_UP_DOWN, TILE_LEFT_RIGHT, TILE_UP_DOWN_ODD, TILE_LEFT_RIGHT_ODD };
template <uint8_t Flag, Direction Dir, uint32_t SlotBytes, uint32_t Slots, uint32_t LocalSlots, bool NoSplit>
struct TPipe {
	static_assert(Flag + (Dir == Direction::DIR_BOTH ? 4 : 2) <= 16, "16 flags");
	static_assert(LocalSlots >= 1 && LocalSlots <= Slots, "local slots are some of the slots");
	TPipe(__gm__ void *gm, uint32_t ub, uint32_t l1);
};
enum class LayoutMode_t { NZ2ND, NZ2DN, NZ2NZ };
enum class QuantMode_t {
	NoQuant,
	F322F16,
	F322BF16,
	REQ8,
	VREQ8,
	DEQF16,
	VDEQF16,
	QF322B8_PRE,
	VQF322B8_PRE,
	QF322F16_PRE,
	QF322BF16_PRE
};
template <LayoutMode_t Layout, QuantMode_t Quant, ReluPreMode Relu>
struct FixpipeParams {
};
template <typename P, typename A, TileSplitAxis Split>
void TPUSH(P &, A &)
{
	static_assert(is_tile<A>::value || is_global<A>::value, "an entry");
}
template <typename P, typename A, TileSplitAxis Split>
void TPUSH(P &, A &, int32_t)
{
	TILE(A);
}
template <typename P, typename A, typename Config>
void TPUSH(P &, A &)
{
	static_assert(A::kind == TileType::Acc, "fixpipe takes the accumulator");
}
template <typename P, typename A, TileSplitAxis Split>
void TPOP(P &, A &)
{
	static_assert(is_tile<A>::value || is_global<A>::value, "an entry");
}
template <typename P, typename A, TileSplitAxis Split>
void TPOP(P &, A &, int32_t)
{
	TILE(A);
}
template <typename P, typename G, TileSplitAxis Split>
void TALLOC(P &, G &)
{
	GLOBAL(G);
}
template <typename P, TileSplitAxis Split>
void TFREE(P &);
template <typename P, typename G, TileSplitAxis Split>
void TFREE(P &, G &)
{
	GLOBAL(G);
}
template <typename T>
void SET_QUANT_SCALAR(float);
template <typename F>
void SET_QUANT_VECTOR(F &)
{
	static_assert(F::kind == TileType::Scaling, "scales lie in the fixpipe buffer");
}

/* The library takes event objects only. */
template <typename... Events>
void TSYNC(Events &...) {}

namespace comm {
enum class ReduceOp { Sum, Max, Min };
enum class DmaEngine { SDMA };
namespace sdma {
struct SdmaBaseConfig {
	uint64_t block_bytes, comm_block_offset;
	uint32_t queue_num;
};
} // namespace sdma
template <typename G, typename S>
bool TTEST(G &, S, WaitCmp)
{
	GLOBAL(G);
	return true;
}
template <AtomicType Atomic = AtomicType::AtomicNone, typename D, typename S, typename A>
void TPUT(D &, S &, A &)
{
	GLOBAL(D);
	GLOBAL(S);
	TILE(A);
}
template <AtomicType Atomic = AtomicType::AtomicNone, typename D, typename S, typename A>
void TPUT(D &, S &, A &, A &);
template <typename D, typename S, typename A>
void TGET(D &, S &, A &)
{
	GLOBAL(D);
	GLOBAL(S);
	TILE(A);
}
template <typename D, typename S, typename A>
void TGET(D &, S &, A &, A &);
template <typename G>
struct ParallelGroup {
	static ParallelGroup Create(G *members, int size, int root);
};
#define GROUP_CALL(NAME)                                                                                               \
	template <typename M, typename G, typename A>                                                                  \
	void NAME(ParallelGroup<M> &, G &, A &)                                                                        \
	{                                                                                                              \
		GLOBAL(G);                                                                                             \
		TILE(A);                                                                                               \
	}                                                                                                              \
	template <typename M, typename G, typename A>                                                                  \
	void NAME(ParallelGroup<M> &, G &, A &, A &);
GROUP_CALL(TBROADCAST)
GROUP_CALL(TGATHER)
GROUP_CALL(TSCATTER)
#undef GROUP_CALL
template <typename M, typename G, typename A>
void TREDUCE(ParallelGroup<M> &, G &, A &, A &, ReduceOp);
template <typename M, typename G, typename A>
void TREDUCE(ParallelGroup<M> &, G &, A &, A &, A &, ReduceOp);
template <DmaEngine Engine, typename A>
bool BuildAsyncSession(A &, __gm__ uint8_t *, AsyncSession &, uint32_t sync_id, const sdma::SdmaBaseConfig &, uint32_t)
{
	TILE(A);
	return true;
}
template <DmaEngine Engine, typename D, typename S>
AsyncEvent TPUT_ASYNC(D &, S &, const AsyncSession &)
{
	GLOBAL(D);
	GLOBAL(S);
	return {};
}
template <DmaEngine Engine, typename D, typename S>
AsyncEvent TGET_ASYNC(D &, S &, const AsyncSession &)
{
	GLOBAL(D);
	GLOBAL(S);
	return {};
}
} // namespace comm
