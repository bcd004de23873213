import type { CreditProfile, Customer, Price, Product } from '../../persistence/entities/index.ts';

// The master data of the demo world. Each story has a customer and a product to itself, as all are played at once; the companies and products of the
// orders that a first start makes are shared.

/** A company, and what it may owe. */
export interface NewCustomer extends Partial<Omit<Customer, 'id' | 'revision' | 'code' | 'name'>> {
  readonly code: string;
  readonly name: string;
  readonly limitMinor?: number;
  readonly account?: Partial<Pick<CreditProfile, 'hold' | 'holdReason' | 'riskClass' | 'termsDays'>>;
}

/** A product; what is kept of it for emergencies, and other prices than its list price. */
export interface NewProduct
  extends
    Pick<Product, 'sku' | 'name' | 'listPriceMinor' | 'costMinor'>,
    Partial<Pick<Product, 'taxClass' | 'linePolicy' | 'replenishDays' | 'returnWindowSeconds' | 'restricted' | 'goodsClass'>> {
  readonly safety?: number;
  readonly prices?: readonly (Pick<Price, 'unitPriceMinor'> & Partial<Pick<Price, 'tier' | 'minQuantity'>>)[];
}

/** Companies of the stories that `npm run demo` plays. */
export const storyCustomers: readonly NewCustomer[] = [
  { code: 'NORDWIND', name: 'Nordwind Logistik GmbH', tier: 'GOLD', paymentMethod: 'TERMS', limitMinor: 10_000_000 },
  { code: 'BRIGHT', name: 'Bright Works Ltd', paymentMethod: 'PREPAY' },
  {
    code: 'HARBOUR',
    name: 'Harbour Supplies BV',
    paymentMethod: 'TERMS',
    shippingPolicy: 'COMPLETE_ONLY',
    limitMinor: 1_000_000,
  },
  { code: 'MERIDIAN', name: 'Meridian Tools SA', paymentMethod: 'DEPOSIT', limitMinor: 5_000_000 },
  { code: 'CASCADE', name: 'Cascade Water Ltd', paymentMethod: 'TERMS', limitMinor: 5_000_000 },
  { code: 'FJORD', name: 'Fjord Instruments AS', paymentMethod: 'CARD' },
  { code: 'QUARRY', name: 'Quarry & Sons Ltd', paymentMethod: 'TERMS', limitMinor: 5_000_000 },
  { code: 'RAVINE', name: 'Ravine Plumbing Ltd', status: 'BLOCKED', paymentMethod: 'TERMS', limitMinor: 1_000_000 },
  { code: 'SUMMIT', name: 'Summit Automation AG', tier: 'GOLD', paymentMethod: 'TERMS', limitMinor: 5_000_000 },
  { code: 'TUNDRA', name: 'Tundra Heating Oy', paymentMethod: 'TERMS', limitMinor: 5_000_000 },
  { code: 'UPLAND', name: 'Upland Energy SARL', paymentMethod: 'CARD' },
  { code: 'VALLEY', name: 'Valley Dairies Ltd', paymentMethod: 'TERMS', limitMinor: 1_000_000 },
  { code: 'WILLOW', name: 'Willow Court Hotels', paymentMethod: 'TERMS', limitMinor: 1_000_000 },
  { code: 'XENIA', name: 'Xenia Rooms SL', paymentMethod: 'PREPAY' },
  { code: 'YARROW', name: 'Yarrow Gardens Ltd', paymentMethod: 'TERMS', limitMinor: 5_000_000 },
  { code: 'ZEPHYR', name: 'Zephyr Air Srl', paymentMethod: 'PREPAY' },
  { code: 'ASHBY', name: 'Ashby Fittings Ltd', paymentMethod: 'TERMS', limitMinor: 1_000_000 },
  { code: 'BIRCH', name: 'Birch Sauna Oy', status: 'BLOCKED', paymentMethod: 'TERMS', limitMinor: 1_000_000 },
];

/** Companies of the orders that a first start makes. */
export const worldCustomers: readonly NewCustomer[] = [
  {
    code: 'ALPEN',
    name: 'Alpen Klima AG',
    tier: 'GOLD',
    paymentMethod: 'TERMS',
    limitMinor: 50_000_000,
    account: { riskClass: 'A' },
  },
  { code: 'BALTIC', name: 'Baltic Shipyards UAB', paymentMethod: 'TERMS', limitMinor: 20_000_000 },
  { code: 'CORAL', name: 'Coral Pools Lda', paymentMethod: 'PREPAY' },
  { code: 'DELTA', name: 'Delta Pumps Srl', paymentMethod: 'DEPOSIT', limitMinor: 5_000_000 },
  { code: 'ELBE', name: 'Elbe Werften GmbH', limitMinor: 1_000_000 },
  { code: 'FROST', name: 'Frost Foods Ltd', status: 'BLOCKED', paymentMethod: 'TERMS', limitMinor: 1_000_000 },
  {
    code: 'GLACIER',
    name: 'Glacier Ice SA',
    paymentMethod: 'TERMS',
    limitMinor: 1_000_000,
    account: { hold: 'HOLD', holdReason: 'Two invoices are disputed' },
  },
  { code: 'HOLLOW', name: 'Hollow Oak Joinery', paymentMethod: 'TERMS', limitMinor: 1_000_000 },
  { code: 'IRONWOOD', name: 'Ironwood Mills Ltd', paymentMethod: 'TERMS', limitMinor: 20_000, account: { riskClass: 'C' } },
  { code: 'JUNIPER', name: 'Juniper Distillery BV', paymentMethod: 'TERMS', limitMinor: 1_000_000, account: { termsDays: 0 } },
  {
    code: 'KESTREL',
    name: 'Kestrel Trading Ltd',
    paymentMethod: 'TERMS',
    limitMinor: 1_000_000,
    account: { hold: 'STOP', holdReason: 'Insolvency was filed' },
  },
  { code: 'MISTRAL', name: 'Mistral Ventilation SAS', paymentMethod: 'TERMS', limitMinor: 10_000_000 },
  { code: 'LUMEN', name: 'Lumen Lighting AB', paymentMethod: 'CARD', shippingPolicy: 'COMPLETE_ONLY' },
];

/** Nobody who watches a story has the patience for a return window of a month. */
const brief = { returnWindowSeconds: 3 };

/** Products of the stories: without tax, so that their amounts are easy to follow. */
export const storyProducts: readonly NewProduct[] = [
  { sku: 'PUMP-10', name: 'Circulation pump 10', listPriceMinor: 24_900, costMinor: 15_000, ...brief },
  { sku: 'VALVE-25', name: 'Ball valve DN 25', listPriceMinor: 1_850, costMinor: 900, ...brief },
  { sku: 'HOSE-5', name: 'Pressure hose 5 m', listPriceMinor: 3_200, costMinor: 1_700, ...brief },
  { sku: 'SENSOR-T', name: 'Temperature sensor', listPriceMinor: 4_500, costMinor: 2_300, ...brief },
  { sku: 'FILTER-8', name: 'Filter cartridge 8 in', listPriceMinor: 7_900, costMinor: 4_100, ...brief },
  { sku: 'MANIFOLD-4', name: 'Manifold, 4 circuits', listPriceMinor: 12_400, costMinor: 7_000, ...brief },
  { sku: 'BURNER-2', name: 'Gas burner, two stages', listPriceMinor: 60_000, costMinor: 33_000, ...brief },
  { sku: 'GASKET-9', name: 'Flange gasket, set of 9', listPriceMinor: 640, costMinor: 250, ...brief },
  {
    sku: 'RELAY-24',
    name: 'Safety relay 24 V',
    listPriceMinor: 3_900,
    costMinor: 2_000,
    linePolicy: 'NO_BACKORDER',
    safety: 5,
    ...brief,
  },
  { sku: 'GAUGE-1', name: 'Pressure gauge', listPriceMinor: 2_700, costMinor: 1_300, linePolicy: 'NO_BACKORDER', ...brief },
  { sku: 'BOILER-6', name: 'Water heater 6 l', listPriceMinor: 18_300, costMinor: 11_000, ...brief },
  { sku: 'CLAMP-3', name: 'Pipe clamp 3 in', listPriceMinor: 990, costMinor: 400, ...brief },
  { sku: 'TIMER-7', name: 'Weekly timer', listPriceMinor: 5_200, costMinor: 2_600, ...brief },
  { sku: 'HEATER-3', name: 'Panel heater 3 kW', listPriceMinor: 14_900, costMinor: 8_800 },
  { sku: 'RADIATOR-1', name: 'Radiator type 11', listPriceMinor: 6_600, costMinor: 3_700 },
  { sku: 'PIPE-22', name: 'Copper pipe 22 mm', listPriceMinor: 1_480, costMinor: 800, ...brief },
  { sku: 'FITTING-8', name: 'Press fitting 8', listPriceMinor: 1_150, costMinor: 500, ...brief },
  { sku: 'COUPLER-2', name: 'Flexible coupling', listPriceMinor: 2_150, costMinor: 1_100, ...brief },
];

const taxed = { taxClass: 'STANDARD' };

/** Products of the orders that a first start makes. */
export const worldProducts: readonly NewProduct[] = [
  {
    sku: 'CHILLER-40',
    name: 'Water chiller 40 kW',
    listPriceMinor: 480_000,
    costMinor: 310_000,
    ...taxed,
    prices: [{ unitPriceMinor: 456_000, tier: 'GOLD' }],
  },
  {
    sku: 'FAN-300',
    name: 'Axial fan 300 mm',
    listPriceMinor: 12_900,
    costMinor: 7_200,
    ...taxed,
    prices: [
      { unitPriceMinor: 11_900, minQuantity: 10 },
      { unitPriceMinor: 11_500, tier: 'GOLD' },
    ],
  },
  { sku: 'DUCT-2', name: 'Duct, 2 m, galvanised', listPriceMinor: 3_400, costMinor: 1_900, ...taxed },
  { sku: 'GRILLE-60', name: 'Air grille 60 cm', listPriceMinor: 2_150, costMinor: 1_000, ...taxed, ...brief },
  { sku: 'MANUAL-EN', name: 'Installation manual', listPriceMinor: 2_500, costMinor: 700, taxClass: 'REDUCED', ...brief },
  { sku: 'REFRIGERANT', name: 'Refrigerant, 10 kg', listPriceMinor: 31_000, costMinor: 19_000, restricted: true, ...taxed },
  {
    sku: 'COVER-FIT',
    name: 'Cover, made to measure',
    listPriceMinor: 21_000,
    costMinor: 12_000,
    goodsClass: 'CUSTOM_MADE',
    ...taxed,
  },
  { sku: 'VESSEL-50', name: 'Expansion vessel 50 l', listPriceMinor: 8_400, costMinor: 4_600, ...taxed },
  { sku: 'HUMIDIFIER', name: 'Steam humidifier', listPriceMinor: 44_000, costMinor: 27_000, ...taxed },
  { sku: 'COMPRESSOR', name: 'Scroll compressor', listPriceMinor: 98_000, costMinor: 61_000, ...taxed },
  { sku: 'DAMPER-E', name: 'Electric damper', listPriceMinor: 8_700, costMinor: 4_900, ...taxed, linePolicy: 'NO_BACKORDER' },
  {
    sku: 'CONTROLLER',
    name: 'Controller board',
    listPriceMinor: 26_500,
    costMinor: 14_000,
    ...taxed,
    linePolicy: 'NO_BACKORDER',
    safety: 10,
  },
];

/** Basis points of the classes above, from the beginning. */
export const taxRates = { STANDARD: 1_900, REDUCED: 700 } as const;
