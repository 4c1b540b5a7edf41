// Nationality or region by ISO 3166-1 code: the most frequent among foreign workers in Japan first, then by region.
export const nationalities = [
  ['VN', 'ベトナム', 'Viet Nam'], ['CN', '中国', 'China'], ['PH', 'フィリピン', 'Philippines'], ['NP', 'ネパール', 'Nepal'], ['ID', 'インドネシア', 'Indonesia'],
  ['MM', 'ミャンマー', 'Myanmar'], ['BR', 'ブラジル', 'Brazil'], ['KR', '韓国', 'Republic of Korea'], ['LK', 'スリランカ', 'Sri Lanka'], ['TH', 'タイ', 'Thailand'],
  ['BD', 'バングラデシュ', 'Bangladesh'], ['IN', 'インド', 'India'], ['KH', 'カンボジア', 'Cambodia'], ['MN', 'モンゴル', 'Mongolia'], ['PE', 'ペルー', 'Peru'],
  ['TW', '台湾', 'Taiwan'], ['PK', 'パキスタン', 'Pakistan'], ['UZ', 'ウズベキスタン', 'Uzbekistan'], ['LA', 'ラオス', 'Lao PDR'], ['BT', 'ブータン', 'Bhutan'],
  ['HK', '香港', 'Hong Kong'], ['MO', 'マカオ', 'Macao'], ['MY', 'マレーシア', 'Malaysia'], ['SG', 'シンガポール', 'Singapore'], ['TL', '東ティモール', 'Timor-Leste'], ['AF', 'アフガニスタン', 'Afghanistan'],
  ['KZ', 'カザフスタン', 'Kazakhstan'], ['KG', 'キルギス', 'Kyrgyzstan'], ['TJ', 'タジキスタン', 'Tajikistan'], ['TM', 'トルクメニスタン', 'Turkmenistan'], ['IR', 'イラン', 'Iran'], ['TR', 'トルコ', 'Türkiye'], ['SY', 'シリア', 'Syria'],
  ['AR', 'アルゼンチン', 'Argentina'], ['BO', 'ボリビア', 'Bolivia'], ['CL', 'チリ', 'Chile'], ['CO', 'コロンビア', 'Colombia'], ['MX', 'メキシコ', 'Mexico'], ['PY', 'パラグアイ', 'Paraguay'],
  ['US', 'アメリカ', 'United States'], ['CA', 'カナダ', 'Canada'], ['GB', 'イギリス', 'United Kingdom'], ['IE', 'アイルランド', 'Ireland'], ['FR', 'フランス', 'France'], ['DE', 'ドイツ', 'Germany'],
  ['IT', 'イタリア', 'Italy'], ['ES', 'スペイン', 'Spain'], ['PT', 'ポルトガル', 'Portugal'], ['PL', 'ポーランド', 'Poland'], ['RO', 'ルーマニア', 'Romania'], ['RU', 'ロシア', 'Russia'], ['UA', 'ウクライナ', 'Ukraine'],
  ['AU', 'オーストラリア', 'Australia'], ['NZ', 'ニュージーランド', 'New Zealand'], ['FJ', 'フィジー', 'Fiji'],
  ['EG', 'エジプト', 'Egypt'], ['GH', 'ガーナ', 'Ghana'], ['KE', 'ケニア', 'Kenya'], ['NG', 'ナイジェリア', 'Nigeria'], ['ZA', '南アフリカ', 'South Africa'], ['UG', 'ウガンダ', 'Uganda'], ['ET', 'エチオピア', 'Ethiopia'],
  ['ZZ', 'その他・無国籍', 'Other or stateless'],
].map(([value = '', ja = '', en = '']) => ({ value, ja, en }))

/** Its names; a code that the list no longer has stands for itself. */
export const nationalityNamed = (code: string): { ja: string; en: string } => nationalities.find(({ value }) => value === code) ?? { ja: code, en: code }
