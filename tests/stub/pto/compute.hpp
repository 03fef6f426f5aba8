/*
 * Stand-in for the vector operations of the library; included by pto-inst.hpp inside its namespace.
 */
enum class RemAlgorithm { DEFAULT, HIGH_PRECISION };
enum class FmodAlgorithm { DEFAULT, HIGH_PRECISION };
enum class TFillPadMode { Normal, InPlace, Expand };
enum class ScatterAxis { SCATTER_ROW, SCATTER_COL };
enum class QuantType { INT8_SYM, INT8_ASYM };
enum class PrintFormat { Width8_Precision4, Width8_Precision2, Width10_Precision6 };

/* scalar first */
#define SCALAR_TILE(NAME)                                                                                              \
	template <typename D, typename S, typename A, typename = std::enable_if_t<is_tile<A>::value>>                  \
	void NAME(D &, S, A &)                                                                                         \
	{                                                                                                              \
		TILE(D);                                                                                               \
		SCALAR(S);                                                                                             \
	}
/* dst, src, scalar, tmp */
#define TILE_SCALAR_TILE(NAME)                                                                                         \
	template <typename D, typename A, typename S, typename W>                                                      \
	void NAME(D &, A &, S, W &)                                                                                    \
	{                                                                                                              \
		TILE(D);                                                                                               \
		TILE(A);                                                                                               \
		SCALAR(S);                                                                                             \
		TILE(W);                                                                                               \
	}

TILES2(TNOT)
TILES2(TCOLEXPAND)
TILES2(TCOLMAX)
TILES2(TCOLMIN)
TILES2(TCOLPROD)
TILES2(TCOLSUM)
TILES2(TFILLPAD)
TILES2(TRESHAPE)
TILES3(TMIN)
TILES3(TFMOD)
TILES3(TAND)
TILES3(TOR)
TILES4(TXOR)
TILES3(TSHL)
TILES3(TSHR)
TILES3(TCOLEXPANDADD)
TILES3(TCOLEXPANDSUB)
TILES3(TCOLEXPANDDIV)
TILES3(TCOLEXPANDMAX)
TILES3(TCOLEXPANDMIN)
TILES3(TCOLEXPANDEXPDIF)
TILES3(TROWEXPANDADD)
TILES4(TROWEXPANDADD)
TILES3(TROWEXPANDMAX)
TILES4(TROWEXPANDMAX)
TILES3(TROWEXPANDMIN)
TILES4(TROWEXPANDMIN)
TILES3(TROWEXPANDEXPDIF)
TILES4(TROWEXPANDEXPDIF)
TILES3(TCOLARGMAX)
TILES3(TCOLARGMIN)
TILES3(TROWARGMAX)
TILES3(TROWARGMIN)
TILES3(TROWMIN)
TILES3(TROWPROD)
TILES3(TPARTADD)
TILES3(TPARTMUL)
TILES3(TPARTMAX)
TILES3(TPARTMIN)
TILES3(TCONCAT)
TILES3(TTRANS)
TILES3(TGATHERB)
TILES3(TSCATTER)
TILES4(TREM)
TILES4(TPRELU)
TILES4(TPOW)
TILE_SCALAR(TSUBS)
TILE_SCALAR(TMAXS)
TILE_SCALAR(TMINS)
TILE_SCALAR(TFMODS)
TILE_SCALAR(TLRELU)
TILE_SCALAR(TAXPY)
TILE_SCALAR(TANDS)
TILE_SCALAR(TORS)
TILE_SCALAR(TSHLS)
TILE_SCALAR(TSHRS)
TILE_SCALAR_TILE(TXORS)
TILE_SCALAR_TILE(TPOWS)
TILE_SCALAR_TILE(TREMS)
SCALAR_TILE(TDIVS)
PRECISE3(TFMOD, FmodAlgorithm)
PRECISE3(TCOLEXPANDDIV, DivAlgorithm)
PRECISE2(TFILLPAD, TFillPadMode)

template <typename D, typename A, typename S, typename = std::enable_if_t<is_tile<A>::value>, typename = void>
void TDIVS(D &, A &, S);
template <RemAlgorithm Which, typename D, typename A, typename B, typename W>
void TREM(D &, A &, B &, W &);
template <typename D, typename A, typename B>
void TCMP(D &, A &, B &, CmpMode);
template <typename D, typename A, typename S>
void TCMPS(D &, A &, S, CmpMode);
/* One type for dst and both sources. */
template <typename D, typename M, typename W>
void TSEL(D &, M &, D &, D &, W &);
template <typename D, typename M, typename A, typename W>
void TSELS(D &, M &, A &, W &, typename A::DType);
template <typename D, typename A, typename W>
void TCOLSUM(D &, A &, W &, bool);
template <typename D, typename A, typename B, typename DI, typename AI, typename BI>
void TPARTARGMAX(D &, A &, B &, DI &, AI &, BI &)
{
	static_assert(std::is_same_v<typename DI::DType, typename AI::DType>, "positions of one type");
}
template <typename D, typename A, typename B, typename DI, typename AI, typename BI>
void TPARTARGMIN(D &, A &, B &, DI &, AI &, BI &)
{
	static_assert(std::is_same_v<typename DI::DType, typename AI::DType>, "positions of one type");
}
template <typename D, typename A, typename B, typename AI, typename BI>
void TCONCAT(D &, A &, B &, AI &, BI &);
template <typename D, int Upper>
void TTRI(D &, int);
template <MaskPattern M, ScatterAxis X, typename D, typename A>
void TSCATTER(D &, A &);
template <QuantType Q, typename D, typename A, typename F, typename W>
void TQUANT(D &, A &, F &, W &, F *offset = nullptr)
{
	static_assert(std::is_same_v<typename D::DType, std::conditional_t<Q == QuantType::INT8_SYM, int8_t, uint8_t>>);
}
template <typename D, typename A, typename P>
void TDEQUANT(D &, A &, P &, P &);
template <PrintFormat F = PrintFormat::Width8_Precision4, typename A>
void TPRINT(A &);
template <PrintFormat F = PrintFormat::Width8_Precision4, typename A, typename G>
void TPRINT(A &, G &)
{
	GLOBAL(G);
}
