// Lines of business in which foreign workers are employed, after the Japan Standard Industrial Classification (14th revision), grouped as our applicants know them.
export const industries = [
  ['agriculture', '農業', 'Agriculture'],
  ['forestry', '林業', 'Forestry'],
  ['fishery', '漁業・水産養殖', 'Fisheries and aquaculture'],
  ['construction', '建設業', 'Construction'],
  ['food', '食料品・飲料製造業', 'Food and beverage manufacturing'],
  ['textile', '繊維・衣服製造業', 'Textile and apparel manufacturing'],
  ['wood_paper', '木材・家具・紙製造業', 'Wood, furniture and paper manufacturing'],
  ['printing', '印刷・同関連業', 'Printing'],
  ['chemical_plastic', '化学・プラスチック・ゴム製造業', 'Chemicals, plastics and rubber'],
  ['ceramic', '窯業・土石製品製造業', 'Ceramics, stone and clay products'],
  ['steel_casting', '鉄鋼・非鉄・鋳造業', 'Iron, steel, non-ferrous metals and casting'],
  ['fabricated_metal', '金属製品製造業(プレス・溶接・めっきなど)', 'Fabricated metal products (pressing, welding, plating)'],
  ['machinery', '機械器具製造業', 'Machinery manufacturing'],
  ['electrical', '電気・電子部品製造業', 'Electrical and electronic components'],
  ['transport_equipment', '輸送用機械・造船業', 'Transport equipment and shipbuilding'],
  ['other_manufacturing', 'その他の製造業', 'Other manufacturing'],
  ['information', '情報通信業', 'Information and communications'],
  ['transport', '運輸・倉庫業', 'Transport and warehousing'],
  ['wholesale', '卸売業', 'Wholesale'],
  ['retail', '小売業', 'Retail'],
  ['lodging', '宿泊業', 'Accommodation'],
  ['restaurant', '飲食サービス業', 'Food service'],
  ['care', '介護・福祉', 'Care and welfare'],
  ['medical', '医療', 'Medical services'],
  ['laundry', 'クリーニング・リネンサプライ', 'Laundry and linen supply'],
  ['building_cleaning', 'ビルクリーニング・警備', 'Building cleaning and security'],
  ['waste', '廃棄物処理・リサイクル', 'Waste treatment and recycling'],
  ['car_repair', '自動車整備', 'Motor vehicle repair'],
  ['staffing', '労働者派遣・職業紹介', 'Temporary staffing and placement'],
  ['education', '教育・学習支援', 'Education'],
  ['other', 'その他', 'Other'],
].map(([value = '', ja = '', en = '']) => ({ value, ja, en }))

/** Its names; a code that the list no longer has stands for itself. */
export function industryNamed(code: string): { nameJa: string; nameEn: string } {
  const found = industries.find(({ value }) => value === code)
  return { nameJa: found?.ja ?? code, nameEn: found?.en ?? code }
}
