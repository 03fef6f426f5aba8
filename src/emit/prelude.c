/*
 * prelude: what stands before the functions: includes and the helpers the text may call. Names and signatures are an
 * interface (consumers match them, emission.md §1.1, §11); helpers are printed only when the module needs them.
 */
#include "emit/emit.h"

/* clang-format off */
static const char head[] =
	"#include \"pto/pto-inst.hpp\"\n"
	"using namespace pto;\n\n";

static const char tensor_data[] =
	"template <typename Tensor>\n"
	"static AICORE inline auto PTOAS__GLOBAL_TENSOR_DATA(Tensor &tensor) -> decltype(tensor.data()) {\n"
	"  return tensor.data();\n"
	"}\n\n";

static const char event_array[] =
	"template <int N>\n"
	"struct PTOAS_EventIdArray {\n"
	"  static_assert(N > 0, \"an event id array has at least one slot\");\n"
	"  int32_t data[N] = {};\n"
	"  AICORE inline int32_t &operator[](int32_t i) { return data[i]; }\n"
	"  AICORE inline const int32_t &operator[](int32_t i) const { return data[i]; }\n"
	"};\n\n";

static const char tail[] =
	"enum class PTOAutoSyncTailMode : int {\n"
	"  kBarrierAll = 0,\n"
	"  kSetWaitMte3ToSEvent0 = 1,\n"
	"};\n\n"
	"static AICORE inline void ptoas_auto_sync_tail("
	"PTOAutoSyncTailMode mode = PTOAutoSyncTailMode::kBarrierAll) {\n"
	"  if (mode == PTOAutoSyncTailMode::kSetWaitMte3ToSEvent0) {\n"
	"    set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);\n"
	"    wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);\n"
	"  } else {\n"
	"    pipe_barrier(PIPE_ALL);\n"
	"  }\n"
	"}\n\n"
	"template <typename Ptr>\n"
	"static AICORE inline void PTOAS__DCCI_SINGLE_CACHE_LINE(Ptr ptr) {\n"
	"  dcci((__gm__ void*)ptr, cache_line_t::SINGLE_CACHE_LINE);\n"
	"}\n\n";

static const char bitcast[] =
	"template <typename To, typename From>\n"
	"static inline To ptoas_bitcast(From from) {\n"
	"  static_assert(sizeof(To) == sizeof(From), \"a bit cast keeps the size\");\n"
	"  To to;\n"
	"  __builtin_memcpy(&to, &from, sizeof(To));\n"
	"  return to;\n"
	"}\n\n";

/* clang-format on */

/* A NaN with a payload is spelled as a bit cast. */
static bool
is_payload_nan(const struct cxx *x, const struct op_data *d)
{
	struct attr a = d->id == OP_ARITH_CONSTANT ? attr_dict_find(&x->ir->attrs, d->attrs, x->ir->name.value)
						   : (struct attr){0};
	const struct attr_data *ad = a.i ? attr_data(&x->ir->attrs, a) : NULL;

	return ad && ad->kind == AT_FLOAT && ad->f != ad->f;
}

void
x_prelude(struct cxx *x)
{
	bool has[OP_COUNT] = {false};
	bool nan = false;

	for (uint32_t k = 1; k < x->ir->op.n; k++) {
		const struct op_data *d = &x->ir->op.at[k];
		if (d->flags & OPD_DEAD)
			continue;
		has[d->id] = true;
		nan = nan || is_payload_nan(x, d);
	}
	x_str(x, head);
	if (has[OP_PARTITION_VIEW] || has[OP_CMO_CACHEINVALID] || has[OP_INITIALIZE_L2G2L_PIPE])
		x_str(x, tensor_data);
	for (uint32_t k = 1; k < x->ir->types.all.n; k++) {
		if (x->ir->types.all.at[k].kind == TY_EVENTID_ARRAY) {
			x_str(x, event_array);
			break;
		}
	}
	x_struct_types(x);
	x_str(x, tail);
	if (has[OP_ARITH_BITCAST] || has[OP_ARITH_MAXIMUMF] || has[OP_ARITH_MINIMUMF] || nan)
		x_str(x, bitcast);
}
