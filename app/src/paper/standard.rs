//! What the standard scorecard and the usual metrics are called in the languages of documents. What people called
//! something themselves stays as they wrote it.

use crate::i18n::Locale;

/// Names as they are stored, in English, then in German and Arabic.
const NAMES: [(&str, &str, &str); 53] = [
    ("Standard health", "Standardbewertung", "التقييم القياسي"),
    ("Usage and engagement", "Nutzung und Engagement", "الاستخدام والتفاعل"),
    ("Adoption", "Einführung", "التبنّي"),
    ("Support", "Unterstützung", "الدعم"),
    ("Satisfaction", "Zufriedenheit", "الرضا"),
    ("Billing", "Abrechnung", "الفوترة"),
    ("Relationship", "Beziehung", "العلاقة"),
    ("Market", "Markt", "السوق"),
    ("Engagement", "Engagement", "التفاعل"),
    ("Days since last login", "Tage seit der letzten Anmeldung", "أيام منذ آخر دخول"),
    ("Usage against own baseline", "Nutzung gegenüber dem eigenen Maß", "الاستخدام مقارنة بالمعتاد"),
    ("Feature adoption", "Funktionsnutzung", "استخدام الميزات"),
    ("Services used", "Genutzte Dienste", "الخدمات المستخدمة"),
    ("Open tickets", "Offene Tickets", "التذاكر المفتوحة"),
    ("Tickets", "Tickets", "التذاكر"),
    ("Urgent tickets", "Dringende Tickets", "التذاكر العاجلة"),
    ("Tickets in 90 days", "Tickets in 90 Tagen", "التذاكر خلال 90 يومًا"),
    ("NPS", "NPS", "NPS"),
    ("CSAT", "CSAT", "CSAT"),
    ("Overdue invoices", "Überfällige Rechnungen", "الفواتير المتأخرة"),
    ("Failed payments", "Fehlgeschlagene Zahlungen", "المدفوعات الفاشلة"),
    ("Champion present", "Fürsprecher vorhanden", "وجود مناصر"),
    ("Days since last touch", "Tage seit dem letzten Kontakt", "أيام منذ آخر تواصل"),
    ("Sentiment", "Stimmung", "الانطباع"),
    ("Risk level", "Risikostufe", "مستوى الخطر"),
    ("Churn risk", "Abwanderungsrisiko", "خطر الفقدان"),
    ("Months as a customer", "Monate als Kunde", "أشهر منذ أصبح عميلًا"),
    ("Contacts touched", "Erreichte Kontakte", "جهات تم التواصل معها"),
    ("Market sentiment", "Marktstimmung", "انطباع السوق"),
    ("Website answers", "Website antwortet", "استجابة الموقع"),
    ("Two or more invoices overdue", "Zwei oder mehr Rechnungen überfällig", "فاتورتان متأخرتان أو أكثر"),
    ("Payments keep failing", "Zahlungen schlagen wiederholt fehl", "تكرار فشل الدفع"),
    ("No contact for 90 days", "Kein Kontakt seit 90 Tagen", "لا تواصل منذ 90 يومًا"),
    ("Urgent ticket open", "Dringendes Ticket offen", "تذكرة عاجلة مفتوحة"),
    ("Two or more urgent tickets open", "Zwei oder mehr dringende Tickets offen", "تذكرتان عاجلتان أو أكثر"),
    ("No login for 60 days", "Keine Anmeldung seit 60 Tagen", "لا دخول منذ 60 يومًا"),
    ("Risk level set to high", "Risikostufe auf hoch gesetzt", "مستوى الخطر مرتفع"),
    ("Risk level set to critical", "Risikostufe auf kritisch gesetzt", "مستوى الخطر حرج"),
    ("Active users", "Aktive Nutzer", "المستخدمون النشطون"),
    ("Logins", "Anmeldungen", "عمليات الدخول"),
    ("Events", "Ereignisse", "الأحداث"),
    ("Key feature events", "Kernfunktionen genutzt", "أحداث الميزات الرئيسية"),
    ("Sessions", "Sitzungen", "الجلسات"),
    ("Reports", "Berichte", "التقارير"),
    ("Exports", "Exporte", "عمليات التصدير"),
    ("Api calls", "API-Aufrufe", "استدعاءات API"),
    ("Dashboards", "Übersichten", "لوحات المتابعة"),
    ("Seats used", "Genutzte Plätze", "المقاعد المستخدمة"),
    ("Low", "Niedrig", "منخفض"),
    ("Medium", "Mittel", "متوسط"),
    ("High", "Hoch", "مرتفع"),
    ("Critical", "Kritisch", "حرج"),
    ("Health score", "Kundenzustand", "درجة الصحة"),
];

/// Returns a name in the language of a document.
#[must_use]
pub fn standard(name: &str, locale: Locale) -> String {
    let known = NAMES.iter().find(|(english, ..)| *english == name);
    let translated = known.map(|(english, german, arabic)| match locale {
        Locale::en => *english,
        Locale::de => *german,
        Locale::ar => *arabic,
    });
    translated.unwrap_or(name).to_owned()
}
