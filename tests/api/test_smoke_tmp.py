from tests.support.feed import event,new_code
async def test_x(api):
    c=new_code()
    i=await api.told(event(c))
    for who,p in (("lan",f"/v1/dossiers/{i}"),("nam",f"/v1/dossiers/{i}"),("hoa",f"/v1/staff/dossiers/{i}"),("phuc",f"/v1/staff/dossiers/{i}"),("be","/v1/me"),("hoa","/v1/me")):
        r=await api.get(who,p); print(who,r.status_code,r.text[:300])
async def test_y(parts, firebase):
    p=await firebase.phone(); print(p)
def test_w(world): print(world["api"])
