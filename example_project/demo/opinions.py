"""What the customers of the demo shop say: data only, every word of it invented.

They write in the languages that are spoken around the shop. A rating stands for a purchase, as the
demo's settings ask for one; a comment needs none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoReview:
    """A review; without a rating it is a comment. ``waits``: staff have not looked at it yet."""

    username: str
    product: str
    text: str
    rating: int | None = None
    title: str = ""
    waits: bool = False


REVIEWS: tuple[DemoReview, ...] = (
    DemoReview(
        username="aygul",
        product="cast-iron-kazan",
        rating=5,
        title="Palawǵa jaqsı",
        text="Úlken shańaraq ushın dál keledi. Ot ústinde de, gazda da birdey qızadı.",
    ),
    DemoReview(
        username="aygul",
        product="felt-house-slippers",
        rating=4,
        text="Jıllı hám jeńil. Ólshemi azmaz úlken, bir nomer kishisin alıń.",
    ),
    DemoReview(
        username="aygul",
        product="tea-bowl-set",
        rating=5,
        text="Sawǵaǵa aldım, barlıǵına unadı. Jolda birewi de sınbadı.",
    ),
    DemoReview(
        username="berdaq",
        product="cast-iron-kazan",
        rating=4,
        text="Awır, biraq bekkem. Qaqpaǵı bolǵanda bes juldız qoyar edim.",
    ),
    DemoReview(
        username="berdaq",
        product="trail-running-shoes",
        rating=3,
        title="Juwırıwǵa boladı",
        text="Tabanı jaqsı uslaydı. Eki aydan keyin bawı úzildi.",
    ),
    DemoReview(
        username="berdaq",
        product="rechargeable-camping-lamp",
        text="Bir zaryadta neshe saat janadı? Balıqqa alıp shıǵajaqpan.",
    ),
    DemoReview(
        username="dilnoza",
        product="tea-bowl-set",
        rating=5,
        title="Juda chiroyli",
        text="Rasmdagidan ham yaxshi. Bobomga sovgʻa qildim, xursand boʻldilar.",
    ),
    DemoReview(
        username="dilnoza",
        product="steel-kettle",
        rating=2,
        text="Tez qaynaydi, lekin dastasi qizib ketadi. Latta bilan ushlash kerak.",
    ),
    DemoReview(
        username="dilnoza",
        product="linen-tablecloth",
        text="Yuvgandan keyin kirishadimi? Kim sotib olgan boʻlsa, yozib yuborsin.",
        waits=True,
    ),
    DemoReview(
        username="timur",
        product="forged-chef-knife",
        rating=5,
        title="Держит заточку",
        text="Полгода режу каждый день, точил один раз. Рукоять не разболталась.",
    ),
    DemoReview(
        username="timur",
        product="trail-running-shoes",
        rating=4,
        text="Лёгкие, по грязи идут уверенно. Для асфальта жестковаты.",
    ),
    DemoReview(
        username="timur",
        product="cast-iron-kazan",
        rating=5,
        text="Довезли до Ташкента за три дня, упаковано на совесть.",
    ),
    DemoReview(
        username="emily",
        product="adras-cushion-cover",
        rating=5,
        title="Even better by daylight",
        text="The colours are deep and nothing ran in the wash. The zip is a little stiff.",
    ),
    DemoReview(
        username="emily",
        product="forged-chef-knife",
        rating=4,
        text="Sharp and well balanced. It came without a sheath, so mind your fingers.",
    ),
)

# {user name: slugs of what they like}
LIKES: dict[str, tuple[str, ...]] = {
    "aygul": ("adras-cushion-cover", "wooden-yurt-model", "cast-iron-kazan"),
    "berdaq": ("trail-running-shoes", "rechargeable-camping-lamp"),
    "dilnoza": ("tea-bowl-set", "adras-cushion-cover", "ceramic-table-lamp"),
    "timur": ("forged-chef-knife",),
    "emily": ("adras-cushion-cover", "handwoven-wool-carpet", "turquoise-bead-bracelet"),
}
