/** What shops sell and do, as their signs say it, by language. */
export const trades: Readonly<Record<string, readonly string[]>> = {
  en: split(`Bakery,Coffee,Books,Pharmacy,Barber,Flowers,Hardware,Laundry,Dry Cleaning,Optician,Dentist,Pizza,Grill,Bar,Café,
    Restaurant,Hotel,Hostel,Supermarket,Butcher,Jewelry,Shoes,Fashion,Toys,Gifts,Tailor,Travel,Bank,Post Office,Parking,Garage,
    Tires,Car Wash,Fish & Chips,Tea Room,Ice Cream,Sushi,Noodles,Nails,Hair Salon,Tattoo,Gym,Pet Shop,Bikes,Mobile,Repairs,
    Open,Closed,Sale,Exit,Entrance,Toilets,No Smoking,Push,Pull,Welcome,To Let,For Rent,Free WiFi,Lost & Found,Tickets`),
  de: split(`Bäckerei,Konditorei,Metzgerei,Apotheke,Friseur,Blumen,Buchhandlung,Gasthof,Brauhaus,Imbiss,Eisdiele,Reinigung,
    Schlüsseldienst,Fahrräder,Optiker,Zahnarzt,Reisebüro,Sparkasse,Getränke,Schuhe,Möbel,Spielwaren,Uhren & Schmuck,Ausgang,
    Eingang,Geöffnet,Geschlossen,Drücken,Ziehen,Parkplatz,Zimmer frei,Zu vermieten,Ausverkauf,Kasse`),
  fr: split(`Boulangerie,Pâtisserie,Boucherie,Charcuterie,Pharmacie,Tabac,Fleuriste,Librairie,Brasserie,Crêperie,Épicerie,Coiffure,
    Pressing,Opticien,Boutique,Bijouterie,Chaussures,Hôtel,Traiteur,Fromagerie,Sortie,Entrée,Ouvert,Fermé,Poussez,Tirez,À louer,
    À vendre,Soldes,Défense de fumer,Caisse,Mairie`),
  es: split(`Panadería,Farmacia,Carnicería,Ferretería,Peluquería,Librería,Zapatería,Floristería,Cafetería,Bar,Restaurante,Heladería,
    Óptica,Joyería,Frutería,Pescadería,Estanco,Tintorería,Hostal,Salida,Entrada,Abierto,Cerrado,Se alquila,Se vende,Rebajas,Caja`),
  it: split(`Panificio,Farmacia,Macelleria,Gelateria,Pasticceria,Trattoria,Osteria,Pizzeria,Ferramenta,Parrucchiere,Libreria,Fiori,
    Ottica,Gioielleria,Calzature,Tabacchi,Edicola,Lavanderia,Albergo,Uscita,Ingresso,Aperto,Chiuso,Affittasi,Vendesi,Saldi,Cassa`),
  ru: split(`Аптека,Продукты,Хлеб,Цветы,Кафе,Столовая,Парикмахерская,Книги,Обувь,Одежда,Мебель,Ремонт обуви,Банк,Почта,Гостиница,
    Ресторан,Шиномонтаж,Автозапчасти,Стоматология,Оптика,Вход,Выход,Открыто,Закрыто,Аренда,Распродажа,Касса,Зоомагазин`),
  uk: split(`Аптека,Продукти,Хліб,Квіти,Кав’ярня,Їдальня,Перукарня,Книгарня,Взуття,Одяг,Меблі,Ремонт взуття,Банк,Пошта,Готель,
    Ресторан,Шиномонтаж,Автозапчастини,Стоматологія,Оптика,Вхід,Вихід,Відчинено,Зачинено,Оренда,Розпродаж,Каса`),
  'zh-Hant':
    split(`牛肉麵,早餐店,檳榔,診所,牙醫診所,當鋪,機車行,五金行,藥局,中藥房,書局,文具店,便當,自助餐,滷肉飯,雞排,鹽酥雞,豆漿,水餃,鍋貼,
    火鍋,涮涮鍋,熱炒,海產,薑母鴨,羊肉爐,鵝肉,壽司,拉麵,咖啡館,茶坊,手搖飲,冰品,豆花,麵包坊,蛋糕,餅店,水果行,青果,雜貨店,超市,美髮,
    理髮廳,美容,美甲,按摩,養生館,眼鏡行,鐘錶行,銀樓,珠寶,服飾,童裝,鞋店,皮件,窗簾,家具,寢具,家電,電器行,水電行,鎖印,刻印,影印,照相館,
    通訊行,電腦維修,汽車保養廠,輪胎行,洗車,加油站,停車場,駕訓班,補習班,幼兒園,安親班,鋼琴教室,舞蹈教室,健身房,旅館,民宿,旅行社,房屋仲介,
    不動產,建設公司,工程行,鋁門窗,玻璃行,油漆,搬家公司,洗衣店,花店,寵物店,動物醫院,佛具店,香舖,葬儀社,代書,律師事務所,會計師,銀行,郵局,
    農會,派出所,出租,出售,營業中,休息中,公休,歡迎光臨,特價,買一送一,免費試吃,外送,內用,請進,推,拉,出口,入口,禁止停車,小心地滑`),
  'zh-Hans':
    split(`牛肉面,早餐店,诊所,口腔门诊,五金店,大药房,书店,文具店,快餐,盒饭,烧烤,烤鸭,麻辣烫,火锅,饺子馆,包子铺,面馆,海鲜,川菜馆,
    湘菜馆,咖啡厅,茶楼,奶茶,甜品,面包房,蛋糕店,水果店,便利店,超市,理发店,美容院,美甲,足浴,按摩,眼镜店,钟表,珠宝,服装店,童装,鞋店,皮具,
    窗帘,家具城,家纺,电器,水电安装,开锁,刻章,打印复印,照相馆,手机维修,电脑城,汽车修理,轮胎,洗车,加油站,停车场,驾校,培训中心,幼儿园,健身房,
    宾馆,酒店,旅行社,房产中介,装饰公司,门窗,玻璃,搬家公司,洗衣店,鲜花店,宠物医院,律师事务所,银行,邮政局,出租,转让,营业中,暂停营业,欢迎光临,
    特价,买一送一,外卖,请进,推,拉,出口,入口,禁止停车,小心地滑,烟酒,批发,零售,专卖店,旗舰店`),
  ja: split(`ラーメン,寿司,居酒屋,焼肉,焼鳥,うどん,そば処,とんかつ,天ぷら,定食,喫茶店,カフェ,パン屋,和菓子,弁当,酒店,八百屋,魚屋,精肉店,米店,
    薬局,歯科医院,内科,眼科,美容室,理容室,クリーニング,書店,文房具,時計店,眼鏡,呉服店,靴店,自転車,不動産,駐車場,旅館,ホテル,銭湯,温泉,郵便局,
    銀行,交番,学習塾,営業中,準備中,定休日,出口,入口,禁煙,駐車禁止,大売出し,空室あり,押す,引く,お手洗い`),
  ko: split(`식당,분식,치킨,피자,국밥,냉면,삼겹살,횟집,중화요리,커피,카페,제과점,떡집,약국,치과,의원,한의원,미용실,이발소,세탁소,서점,문구,안경,
    꽃집,부동산,마트,슈퍼,편의점,정육점,철물점,노래방,당구장,PC방,학원,태권도,모텔,여관,주차장,은행,우체국,임대,매매,영업중,휴업,출구,입구,금연`),
};

function split(list: string): string[] {
  return list.split(',').map((word) => word.trim());
}
